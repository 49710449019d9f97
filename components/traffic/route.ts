/**
 * How a Gateway's route moves traffic between tracks: to which of them it sends what share, and whether that changes before or after
 * the tracks do. The same rules of motion as with replicas (`components/motion.ts`), with the weight in the route.
 */

import type { Levers } from "../levers/levers.ts";
import { pinKinds } from "../levers/pins.ts";
import { MotionError, type TrackState } from "../motion.ts";
import type { TrackName } from "../plan/plan.ts";

/** Where a share of the requests goes, in percent. */
export interface Backend {
  to: TrackName | "maintenance";
  weight: number;
}

type Pins = Levers["pins"];

/** What an update left of the route. */
export interface RouteState {
  /** What the levers ask for. */
  wanted: readonly Backend[];
  /** What the route does. Another than what is wanted after a fall back: only tracks that ran the fallback provider already. */
  backends: readonly Backend[];
  /** Whose requests go to the known-good track alone. */
  pins: Pins;
}

export interface RouteMotion extends RouteState {
  order: "traffic-first" | "traffic-last";
}

export interface RouteArgs {
  fallbackProvider: string;
  /** Pods at full capacity. */
  capacity: number;
  /** The canary's percentage of traffic. */
  weight: number;
  maintenance: boolean;
  pins: Pins;
  next: readonly TrackState[];
  /** What the last successful update left; nothing on the first one, and no route where it had none. */
  last: { tracks: readonly TrackState[]; route?: RouteState | undefined } | undefined;
}

/** Pods that a share of the traffic takes: never none. */
export const podsFor = (weight: number, capacity: number): number => Math.ceil((capacity * weight) / 100);

const same = (a: readonly Backend[], b: readonly Backend[]): boolean =>
  a.length === b.length && a.every(({ to, weight }) => weightOf(b, to) === weight);

const weightOf = (backends: readonly Backend[], to: Backend["to"]): number => backends.find((backend) => backend.to === to)?.weight ?? 0;

/** Whether someone is pinned who was not. */
const pinsMore = (pins: Pins, before: Pins = {}): boolean =>
  pinKinds.some((kind) => pins[kind]?.some((entry) => !before[kind]?.includes(entry)));

const trackOf = (tracks: readonly TrackState[], to: Backend["to"]): TrackState | undefined => tracks.find(({ track }) => track === to);

function wantedBackends({ weight, maintenance }: RouteArgs): Backend[] {
  if (maintenance) return [{ to: "maintenance", weight: 100 }];
  const shares: Backend[] = [
    { to: "stable", weight: 100 - weight },
    { to: "canary", weight },
  ];
  return shares.filter((share) => share.weight > 0);
}

/** The track with full capacity on the fallback provider that this update leaves as it is; stable where both are. */
function warmTrack({ fallbackProvider, capacity, next, last }: RouteArgs): TrackName | undefined {
  const warm = (last?.tracks ?? []).filter(({ track, provider, template, replicas }) => {
    const now = trackOf(next, track);
    return provider === fallbackProvider && replicas >= capacity && now?.template === template && now.replicas >= capacity;
  });
  return (["stable", "fallback"] as const).find((track) => trackOf(warm, track));
}

function chooseBackends(args: RouteArgs, wanted: readonly Backend[]): readonly Backend[] {
  const { fallbackProvider, next, last } = args;
  if (!last?.route || wanted.some(({ to }) => trackOf(next, to)?.provider !== fallbackProvider)) return wanted;
  const { route, tracks } = last;
  const there = route.backends.every(({ to }) => trackOf(next, to)?.provider === fallbackProvider);
  if (same(route.wanted, wanted) && !same(route.backends, wanted) && there) return route.backends;

  const stale = route.backends.some(({ to }) => (trackOf(tracks, to)?.provider ?? fallbackProvider) !== fallbackProvider);
  const warm = stale ? warmTrack(args) : undefined;
  return warm ? [{ to: warm, weight: 100 }] : wanted;
}

/**
 * Decides where the route sends requests and when it changes.
 *
 * Falling back to a provider that a track with full capacity runs already, the route sends everything there at once, and stays so
 * until the levers move traffic again, so that an update with nothing to do changes nothing.
 *
 * @throws {MotionError} where the tracks of before are gone and those to come are not there yet. No rollback is ever refused.
 */
export function decideRoute(args: RouteArgs): RouteMotion {
  const { capacity, next, last, maintenance, pins } = args;
  const wanted = wantedBackends(args);
  const backends = chooseBackends(args, wanted);
  const state = { wanted, backends, pins };
  if (maintenance) return { ...state, order: "traffic-first" };
  const before = last?.route?.backends;
  if (!last?.route || !before || weightOf(before, "maintenance") > 0) return { ...state, order: "traffic-last" };

  const carriedBy = (tracks: readonly TrackState[], shares: readonly Backend[]): boolean =>
    shares.every(({ to, weight }) => (trackOf(tracks, to)?.replicas ?? 0) >= podsFor(weight, capacity));
  const safeFirst = carriedBy(last.tracks, backends);
  const safeLast = carriedBy(next, before);
  if (!safeFirst && !safeLast) {
    throw new MotionError(
      "fallback and canary: taking away the track that has all traffic and giving some to one that has no pods yet, in one update, would " +
        "leave traffic without pods. Nothing was changed.\n    mend it with: two updates, first canary, then pulumi config rm fallback",
    );
  }
  const lessCanary = weightOf(backends, "canary") < weightOf(before, "canary");
  const held = !same(backends, wanted) && !same(backends, before);
  const first = lessCanary || held || pinsMore(pins, last.route.pins) ? safeFirst : safeFirst && !safeLast;
  return { ...state, order: first ? "traffic-first" : "traffic-last" };
}

/** The track that pinned requests go to: stable, or the one that all traffic fell back to. */
export function knownGood({ wanted, backends }: Pick<RouteState, "wanted" | "backends">): Backend["to"] {
  return same(wanted, backends) ? "stable" : (backends[0]?.to ?? "stable");
}
