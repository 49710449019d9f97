import { describe, expect, it } from "vitest";
import { canaryReplicas, capacityOf, decideMotion, type Motion, selects, type TrackState } from "../../../components/motion.ts";
import { type StateResource, sinceFailed } from "../../../components/stackState.ts";
import { decideRoute, type RouteState } from "../../../components/traffic/route.ts";

const app = "wabot";
const capacity = 4;
const base = { app, fallbackProvider: "openai", capacity };
const page = { app, "rollback-stacks/role": "maintenance" };

const track = (name: TrackState["track"], provider: string, replicas: number, template = `${name}-${provider}`): TrackState => ({
  track: name,
  provider,
  template,
  replicas,
  serving: name !== "fallback" && replicas > 0,
});
const stable = (provider: string, template?: string) => track("stable", provider, capacity, template);
const down = (tracks: readonly TrackState[]) => tracks.map((state) => ({ ...state, replicas: 0, serving: false }));

/** Stable and canary on either provider, at every share of traffic, with and without a warm fallback; each with two images. */
const inService: TrackState[][] = ["one", "two"].flatMap((image) =>
  ["openai", "gemini"].flatMap((stableProvider) =>
    ["openai", "gemini"].flatMap((canaryProvider) =>
      [0, 25, 100].flatMap((weight) =>
        [[], [track("fallback", "openai", capacity)]].map((warm) => [
          { ...stable(stableProvider, `${image}-${stableProvider}`), serving: weight < 100 },
          track("canary", canaryProvider, canaryReplicas(weight, capacity), `canary-${image}`),
          ...warm,
        ]),
      ),
    ),
  ),
);
const pairs = inService.flatMap((from) => inService.map((to) => ({ from, to })));

describe("into maintenance", () => {
  it("B3: traffic goes to the page before any pod of a track goes, whatever else changes in the same update", () => {
    const motions = pairs.map(({ from, to }) => {
      const last = { tracks: from, selector: decideMotion({ ...base, next: from }).selector };
      return decideMotion({ ...base, next: down(to), maintenance: true, last });
    });
    expect(new Set(motions.map((motion) => JSON.stringify(motion)))).toEqual(
      new Set([JSON.stringify({ selector: page, order: "traffic-first" })]),
    );
  });

  it("is so on the first update as well", () => {
    expect(decideMotion({ ...base, next: down([stable("openai")]), maintenance: true })).toEqual({
      selector: page,
      order: "traffic-first",
    });
  });

  it("the page's selector finds no pod of a track, and no track's selector finds the page", () => {
    const tracks = inService.flat();
    expect(tracks.filter((state) => selects(app, page, state))).toEqual([]);
    const selectors = inService.map((next) => decideMotion({ ...base, next }).selector);
    expect(
      selectors.filter((selector) => Object.entries(selector).every(([key, value]) => page[key as keyof typeof page] === value)),
    ).toEqual([]);
  });
});

describe("in maintenance", () => {
  it("an update with another image, weight or provider leaves traffic on the page", () => {
    for (const { from, to } of pairs) {
      const last = { tracks: down(from), selector: page };
      expect(decideMotion({ ...base, next: down(to), maintenance: true, last })).toEqual({ selector: page, order: "traffic-first" });
    }
  });
});

describe("out of maintenance", () => {
  it("B3: every track is ready before it gets traffic, at full capacity, whatever else changes in the same update", () => {
    const motions = pairs.map(({ from, to }) => ({
      to,
      motion: decideMotion({ ...base, next: to, last: { tracks: down(from), selector: page } }),
    }));
    expect(new Set(motions.map(({ motion }) => motion.order))).toEqual(new Set(["traffic-last"]));
    expect(motions.filter(({ to, motion }) => capacityOf(app, motion.selector, to) < capacity)).toEqual([]);
  });

  it("to the same selector as a system that was never in maintenance", () => {
    for (const { from, to } of pairs) {
      const { selector } = decideMotion({ ...base, next: to, last: { tracks: down(from), selector: page } });
      expect(selector).toEqual(decideMotion({ ...base, next: to }).selector);
    }
  });
});

describe("after an update that failed on the way", () => {
  const kubernetes = (selector: Motion["selector"], tracks: readonly TrackState[]): StateResource[] => [
    { type: "pulumi:pulumi:Stack", outputs: {} },
    { type: "kubernetes:core/v1:Service", outputs: { metadata: { name: "redis" }, spec: { selector: { app: "redis" } } } },
    { type: "kubernetes:core/v1:Service", outputs: { metadata: { name: app }, spec: { selector } } },
    { type: "kubernetes:apps/v1:Deployment", outputs: { spec: { template: { metadata: { labels: page } } } } },
    ...tracks.map(({ track: name, provider, template, replicas }) => {
      const labels = { app, "rollback-stacks/track": name, "rollback-stacks/provider": provider, "rollback-stacks/release": template };
      const role = { "rollback-stacks/role": name === "fallback" ? "standby" : "serving" };
      const pods = { metadata: { labels: { ...labels, ...role } }, spec: { containers: [{ image: "name@sha256:1" }] } };
      return { type: "kubernetes:apps/v1:Deployment", outputs: { spec: { replicas, template: pods } } };
    }),
  ];
  const recordOf = (tracks: readonly TrackState[], selector: Motion["selector"]) => ({
    selector,
    tracks: tracks.map((state) => ({ ...state, image: "name@sha256:1" })),
    settings: ["kept"],
  });
  const canary = (weight: number) => track("canary", "gemini", canaryReplicas(weight, capacity));
  const serving = { app, "rollback-stacks/role": "serving" };

  it("B3: into maintenance, the way back makes tracks ready first, though the last good record knows of no maintenance", () => {
    const tracks = [stable("openai"), canary(25)];
    const last = sinceFailed(recordOf(tracks, serving), kubernetes(page, [stable("openai"), canary(0)]), app);
    expect(last).toMatchObject({ selector: page, settings: ["kept"] });
    // By the record alone this would be a fall back to stable, traffic first, onto pods that may be gone.
    expect(decideMotion({ ...base, next: [stable("openai"), canary(0)], last })).toMatchObject({ order: "traffic-last" });
    expect(decideMotion({ ...base, next: [stable("openai"), canary(0)], last: recordOf(tracks, serving) })).toMatchObject({
      order: "traffic-first",
    });
  });

  it("B3: out of maintenance, a fall back to what runs already moves traffic first, as at any other time", () => {
    const tracks = [{ ...stable("openai"), serving: false }, canary(100)];
    const only = { app, "rollback-stacks/track": "canary" };
    const last = sinceFailed(recordOf(down(tracks), page), kubernetes(only, tracks), app);
    expect(last).toEqual(recordOf(tracks, only));
    expect(decideMotion({ ...base, next: [stable("openai"), canary(0)], last })).toEqual({
      selector: { app, "rollback-stacks/track": "stable" },
      order: "traffic-first",
    });
  });

  it("B3: with a Gateway too: what the route does is read from the state", () => {
    const shares = (...backends: RouteState["backends"]): RouteState => ({ wanted: backends, backends, pins: {} });
    const httpRoute = (name: string): StateResource => ({
      type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
      outputs: { metadata: { name: app }, spec: { rules: [{ backendRefs: [{ name, weight: 100 }] }, {}] } },
    });
    const tracks = [stable("openai"), canary(25)];
    const record = { ...recordOf(tracks, serving), route: shares({ to: "stable", weight: 75 }, { to: "canary", weight: 25 }) };
    const last = sinceFailed(record, [...kubernetes(page, down(tracks)), httpRoute(app)], app);
    expect(last.route).toEqual(shares({ to: "maintenance", weight: 100 }));
    const next = [stable("openai"), canary(0)];
    expect(decideRoute({ ...base, weight: 0, maintenance: false, pins: {}, next, last })).toEqual({
      ...shares({ to: "stable", weight: 100 }),
      order: "traffic-last",
    });
    const out = sinceFailed(
      { ...record, route: last.route, selector: page },
      [...kubernetes(page, tracks), httpRoute(`${app}-stable`)],
      app,
    );
    expect(out.route).toEqual(shares({ to: "stable", weight: 100 }));
  });

  it("elsewhere the last good record decides", () => {
    const record = recordOf([stable("openai"), canary(25)], serving);
    expect(sinceFailed(record, kubernetes({ app, "rollback-stacks/track": "stable" }, [stable("openai")]), app)).toBe(record);
    expect(sinceFailed(record, [], app)).toBe(record);
  });
});
