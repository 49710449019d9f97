import { describe, expect, it } from "vitest";
import { canaryReplicas, capacityOf, decideMotion, MotionError, type TrackState } from "../../components/motion.ts";

const capacity = 4;
const base = { app: "mindmend", fallbackProvider: "openai", capacity };

const stable = (provider: string, extra: Partial<TrackState> = {}): TrackState => ({
  track: "stable",
  provider,
  template: `stable-${provider}`,
  replicas: capacity,
  serving: true,
  ...extra,
});
const canary = (provider: string, weight: number, extra: Partial<TrackState> = {}): TrackState => ({
  track: "canary",
  provider,
  template: `canary-${provider}`,
  replicas: canaryReplicas(weight, capacity),
  serving: weight > 0,
  ...extra,
});
const fallback = (): TrackState => ({
  track: "fallback",
  provider: "openai",
  template: "fallback-openai",
  replicas: capacity,
  serving: false,
});

const both = { app: "mindmend", "rollback-stacks/role": "serving" };
const stableOnly = { app: "mindmend", "rollback-stacks/track": "stable" };
const pinned = { app: "mindmend", "rollback-stacks/provider": "openai" };

describe("which pods the Service selects, and when", () => {
  it("makes the tracks first on the first update", () => {
    expect(decideMotion({ ...base, next: [stable("openai"), canary("gemini", 25)] })).toEqual({ selector: both, order: "traffic-last" });
  });

  it("M2, design rule 4: flips to the pods that already run on the fallback provider before it restarts the canary", () => {
    const last = { tracks: [stable("openai"), canary("gemini", 25)], selector: both };
    const next = [stable("openai"), canary("openai", 25)];
    expect(decideMotion({ ...base, next, last })).toEqual({ selector: pinned, order: "traffic-first" });
  });

  it("M3: flips to stable before the canary goes", () => {
    const last = { tracks: [stable("openai"), canary("gemini", 25)], selector: both };
    const next = [stable("openai"), canary("gemini", 0)];
    expect(decideMotion({ ...base, next, last })).toEqual({ selector: stableOnly, order: "traffic-first" });
  });

  it("flips to a warm fallback when everything else is on the candidate", () => {
    const last = { tracks: [stable("gemini"), canary("gemini", 25), fallback()], selector: both };
    const next = [stable("openai"), canary("openai", 25), fallback()];
    expect(decideMotion({ ...base, next, last })).toEqual({ selector: pinned, order: "traffic-first" });
  });

  it("keeps old and new pods selected while it replaces them, when nothing warm has the capacity", () => {
    const last = { tracks: [stable("gemini"), canary("gemini", 25)], selector: both };
    const next = [stable("openai"), canary("openai", 25)];
    expect(decideMotion({ ...base, next, last })).toEqual({ selector: both, order: "traffic-last" });
  });

  it("does not count pods as warm that are replaced in the same update", () => {
    const last = { tracks: [stable("openai"), canary("gemini", 25)], selector: both };
    const next = [stable("openai", { template: "another image" }), canary("openai", 25)];
    expect(decideMotion({ ...base, next, last }).selector).toEqual(both);
  });

  it("changes nothing when nothing changed after falling back", () => {
    const tracks = [stable("openai"), canary("openai", 25)];
    expect(decideMotion({ ...base, next: tracks, last: { tracks, selector: pinned } }).selector).toEqual(pinned);
  });

  it("makes the canary ready before it gets traffic, when moving forward", () => {
    const last = { tracks: [stable("openai"), canary("gemini", 0)], selector: stableOnly };
    const next = [stable("openai"), canary("gemini", 25)];
    expect(decideMotion({ ...base, next, last })).toEqual({ selector: both, order: "traffic-last" });
  });

  it("leaves the warm fallback only when the tracks that move forward are ready", () => {
    const last = { tracks: [stable("openai"), canary("openai", 25), fallback()], selector: pinned };
    const next = [stable("gemini"), canary("gemini", 25), fallback()];
    expect(decideMotion({ ...base, next, last })).toEqual({ selector: both, order: "traffic-last" });
  });
});

describe("capacity", () => {
  const providers = ["openai", "gemini"];
  const states = [0, 25, 50, 100].flatMap((weight) =>
    providers.flatMap((stableProvider) =>
      providers.flatMap((canaryProvider) =>
        [[], [fallback()]].map((warm) => [stable(stableProvider, { serving: weight < 100 }), canary(canaryProvider, weight), ...warm]),
      ),
    ),
  );

  interface Step {
    from: TrackState[];
    to: TrackState[];
    /** What the Service selected before. */
    selector: Record<string, string>;
  }

  const outcome = ({ from, to, selector: before }: Step): "full" | "short" | "refused" => {
    try {
      const { selector, order } = decideMotion({ ...base, next: to, last: { tracks: from, selector: before } });
      const between = order === "traffic-first" ? capacityOf("mindmend", selector, from) : capacityOf("mindmend", before, to);
      const counts = [capacityOf("mindmend", before, from), between, capacityOf("mindmend", selector, to)];
      return counts.every((count) => count >= capacity) ? "full" : "short";
    } catch (error) {
      if (error instanceof MotionError) return "refused";
      throw error;
    }
  };

  /** Every update from every state to every other, and every update after each of those. */
  const steps: Step[] = states.flatMap((from) => {
    const { selector } = decideMotion({ ...base, next: from });
    return states.flatMap((to) => {
      const first: Step = { from, to, selector };
      if (outcome(first) === "refused") return [first];
      const after = decideMotion({ ...base, next: to, last: { tracks: from, selector } }).selector;
      return [first, ...states.map((third): Step => ({ from: to, to: third, selector: after }))];
    });
  });

  it("is full before, between and after the two halves of every update, and of every update after that", () => {
    expect(steps.filter((step) => outcome(step) === "short")).toEqual([]);
    expect(steps.length).toBe(states.length ** 2 * (states.length + 1));
  });

  it("refuses only moves of everything to another provider and to the canary at once, and never a rollback", () => {
    const refused = steps.filter((step) => outcome(step) === "refused");
    expect(refused.length).toBeGreaterThan(0);
    for (const { to } of refused) {
      expect(
        to.filter((state) => state.track !== "fallback").map(({ track, provider, replicas }) => ({ track, provider, replicas })),
      ).toEqual([
        { track: "stable", provider: "gemini", replicas: 4 },
        { track: "canary", provider: "gemini", replicas: 4 },
      ]);
    }
  });

  it("weighs to the nearest pod beside a full stable", () => {
    expect([0, 10, 25, 50, 75, 100].map((weight) => canaryReplicas(weight, 4))).toEqual([0, 1, 1, 4, 12, 4]);
  });
});
