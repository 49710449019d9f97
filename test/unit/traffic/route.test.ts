import { describe, expect, it } from "vitest";
import { MotionError, type TrackState } from "../../../components/motion.ts";
import type { TrackName } from "../../../components/plan/plan.ts";
import { type Backend, decideRoute, podsFor, type RouteArgs, type RouteMotion } from "../../../components/traffic/route.ts";

const capacity = 4;
const base = { fallbackProvider: "openai", capacity, maintenance: false, pins: {} };

const track = (name: TrackName, provider: string, replicas: number): TrackState => ({
  track: name,
  provider,
  template: `${name}-${provider}`,
  replicas,
  serving: name !== "fallback" && replicas > 0,
});
const stable = (provider: string) => track("stable", provider, capacity);
const canary = (provider: string, weight: number) => track("canary", provider, podsFor(weight, capacity));
const fallback = track("fallback", "openai", capacity);

interface State {
  weight: number;
  tracks: TrackState[];
}

const shares = (stableShare: number, canaryShare: number): Backend[] => [
  { to: "stable", weight: stableShare },
  { to: "canary", weight: canaryShare },
];
const all = (to: Backend["to"]): Backend[] => [{ to, weight: 100 }];

/** The route after these updates, one after the other. */
function routeAfter(...states: State[]): RouteMotion {
  let last: RouteArgs["last"];
  let route: RouteMotion | undefined;
  for (const { weight, tracks } of states) {
    route = decideRoute({ ...base, weight, next: tracks, last });
    last = { tracks, route };
  }
  return route as RouteMotion;
}

const quarter: State = { weight: 25, tracks: [stable("openai"), canary("gemini", 25)] };

describe("where the route sends requests, and when it changes", () => {
  it("makes the tracks first on the first update, and where there was no route before", () => {
    const route = { wanted: shares(75, 25), backends: shares(75, 25), pins: {}, order: "traffic-last" };
    expect(routeAfter(quarter)).toEqual(route);
    expect(decideRoute({ ...base, weight: 25, next: quarter.tracks, last: { tracks: quarter.tracks } })).toEqual(route);
  });

  it("weighs exactly: any whole number, and only tracks that have a share", () => {
    const at = (weight: number) => routeAfter({ weight, tracks: [stable("openai"), canary("gemini", weight)] }).backends;
    expect([0, 1, 99, 100].map(at)).toEqual([all("stable"), shares(99, 1), shares(1, 99), all("canary")]);
  });

  it("gives the canary the pods that its share takes, never none", () => {
    expect([0, 1, 25, 26, 50, 99, 100].map((weight) => podsFor(weight, 4))).toEqual([0, 1, 1, 2, 2, 4, 4]);
  });

  it("M3: sends all to stable before the canary goes", () => {
    const { backends, order } = routeAfter(quarter, { weight: 0, tracks: [stable("openai"), canary("gemini", 0)] });
    expect({ backends, order }).toEqual({ backends: all("stable"), order: "traffic-first" });
  });

  it("makes the canary's share smaller before its pods become fewer, and its pods more before its share grows", () => {
    const half: State = { weight: 50, tracks: [stable("openai"), canary("gemini", 50)] };
    expect(routeAfter(half, quarter)).toMatchObject({ backends: shares(75, 25), order: "traffic-first" });
    expect(routeAfter(quarter, half)).toMatchObject({ backends: shares(50, 50), order: "traffic-last" });
  });

  it("M2, design rule 4: sends all to the track that runs the fallback provider already, before the canary restarts", () => {
    const { backends, order } = routeAfter(quarter, { weight: 25, tracks: [stable("openai"), canary("openai", 25)] });
    expect({ backends, order }).toEqual({ backends: all("stable"), order: "traffic-first" });
  });

  it("sends all to a warm fallback when everything else is on the candidate", () => {
    const { backends, order } = routeAfter(
      { weight: 25, tracks: [stable("gemini"), canary("gemini", 25), fallback] },
      { weight: 25, tracks: [stable("openai"), canary("openai", 25), fallback] },
    );
    expect({ backends, order }).toEqual({ backends: all("fallback"), order: "traffic-first" });
  });

  it("changes nothing while the pods of every track are replaced, when nothing warm has the capacity", () => {
    const onto = { weight: 25, tracks: [stable("openai"), canary("openai", 25)] };
    expect(routeAfter({ weight: 25, tracks: [stable("gemini"), canary("gemini", 25)] }, onto).backends).toEqual(shares(75, 25));
  });

  it("stays so when nothing changed after falling back, until the levers move traffic again", () => {
    const fallen: State = { weight: 25, tracks: [stable("openai"), canary("openai", 25)] };
    expect(routeAfter(quarter, fallen, fallen).backends).toEqual(all("stable"));
    const half: State = { weight: 50, tracks: [stable("openai"), canary("openai", 50)] };
    expect(routeAfter(quarter, fallen, half)).toMatchObject({ backends: shares(50, 50), order: "traffic-last" });
    expect(routeAfter(quarter, fallen, quarter)).toMatchObject({ backends: shares(75, 25), order: "traffic-last" });
  });

  it("M11: pins requests before anything else changes, and lets them go again only after it", () => {
    const { tracks } = quarter;
    const update = (pins: RouteArgs["pins"], last?: RouteMotion) =>
      decideRoute({ ...base, weight: 25, pins, next: tracks, last: { tracks, route: last } });
    const one = update({ segments: ["enterprise"] }, routeAfter(quarter));
    expect(one.order).toBe("traffic-first");
    expect(update({ segments: ["enterprise"], tenants: ["acme"] }, one).order).toBe("traffic-first");
    expect(update({ segments: ["enterprise"] }, one).order).toBe("traffic-last");
    expect(update({}, one).order).toBe("traffic-last");
  });

  it("B3: sends all to the maintenance page first, and back only when the tracks are ready", () => {
    const none = quarter.tracks.map((state) => ({ ...state, replicas: 0, serving: false }));
    const before = routeAfter(quarter);
    const into = decideRoute({ ...base, weight: 25, maintenance: true, next: none, last: { tracks: quarter.tracks, route: before } });
    expect(into).toMatchObject({ backends: all("maintenance"), order: "traffic-first" });
    const back = decideRoute({ ...base, weight: 25, next: quarter.tracks, last: { tracks: none, route: into } });
    expect(back).toMatchObject({ backends: shares(75, 25), order: "traffic-last" });
  });
});

describe("pods behind each share", () => {
  const providers = ["openai", "gemini"];
  const states: State[] = [0, 10, 25, 50, 99, 100].flatMap((weight) =>
    providers.flatMap((stableProvider) =>
      providers.flatMap((canaryProvider) =>
        [[], [fallback]].map((warm) => ({ weight, tracks: [stable(stableProvider), canary(canaryProvider, weight), ...warm] })),
      ),
    ),
  );

  const enough = (tracks: readonly TrackState[], backends: readonly Backend[]): boolean =>
    backends.every(({ to, weight }) => (tracks.find((state) => state.track === to)?.replicas ?? 0) >= podsFor(weight, capacity));

  const outcome = (from: State, before: RouteMotion, to: State): "full" | "short" | "refused" => {
    try {
      const after = decideRoute({ ...base, weight: to.weight, next: to.tracks, last: { tracks: from.tracks, route: before } });
      const between = after.order === "traffic-first" ? enough(from.tracks, after.backends) : enough(to.tracks, before.backends);
      return between && enough(to.tracks, after.backends) ? "full" : "short";
    } catch (error) {
      if (error instanceof MotionError) return "refused";
      throw error;
    }
  };

  /** Every update from every state to every other, and every update after each of those. */
  const results = states.flatMap((from) => {
    const before = routeAfter(from);
    return states.flatMap((to) => {
      const first = { from, to, outcome: outcome(from, before, to) };
      const after = decideRoute({ ...base, weight: to.weight, next: to.tracks, last: { tracks: from.tracks, route: before } });
      return [first, ...states.map((third) => ({ from: to, to: third, outcome: outcome(to, after, third) }))];
    });
  });

  it("are enough between the two halves of every update and of every update after that", () => {
    expect(results.filter((result) => result.outcome === "short")).toEqual([]);
    expect(results).toHaveLength(states.length ** 2 * (states.length + 1));
  });

  it("refuses only to take the fallback away that has all traffic while giving some to a canary without pods: never a rollback", () => {
    const refused = results.filter((result) => result.outcome === "refused");
    expect(refused.length).toBeGreaterThan(0);
    for (const { from, to } of refused) {
      const has = ({ tracks }: State, name: TrackName) => tracks.some((state) => state.track === name && state.replicas > 0);
      expect({ had: has(from, "fallback"), has: has(to, "fallback") }).toEqual({ had: true, has: false });
      expect(to.weight).toBeGreaterThan(from.weight);
    }
  });
});
