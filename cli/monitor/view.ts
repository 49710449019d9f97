import { type Counters, since } from "./counters.ts";
import type { PodSeen, Sight } from "./look.ts";

export interface TrackView {
  track: string;
  ready: number;
  pods: number;
  /** Requests in a second; undefined where it is not known yet. */
  rate: number | undefined;
  /** Share of them (0 to 1) that failed; undefined where there were none. */
  failed: number | undefined;
}

/** What changed between two looks, beside what the second one saw. */
export interface View {
  sight: Sight;
  tracks: TrackView[];
  /** Share (0 to 1) of the calls to AI providers that each got; empty where there were none. */
  shares: Record<string, number>;
}

export function viewOf(before: Sight | undefined, sight: Sight): View {
  const seconds = before === undefined ? 0 : (sight.at - before.at) / 1000;
  const counted = new Map(sight.pods.map((pod) => [pod.name, between(before, pod)]));
  const tracks = [...new Set(sight.pods.map(({ track }) => track))];
  return {
    sight,
    tracks: tracks.map((track) =>
      trackView(
        track,
        sight.pods.filter((pod) => pod.track === track),
        counted,
        seconds,
      ),
    ),
    shares: sharesOf([...counted.values()].flatMap((each) => (each === undefined ? [] : [each.calls]))),
  };
}

/** What a pod counted since the look before; nothing where one of the two does not tell. */
function between(before: Sight | undefined, { name, counters }: PodSeen): Counters | undefined {
  const then = before?.pods.find((pod) => pod.name === name)?.counters;
  return then && counters && since(then, counters);
}

function trackView(
  track: string,
  pods: readonly PodSeen[],
  counted: ReadonlyMap<string, Counters | undefined>,
  seconds: number,
): TrackView {
  const told = pods.flatMap(({ name }) => counted.get(name) ?? []);
  const requests = told.reduce((sum, each) => sum + each.requests, 0);
  const failed = told.reduce((sum, each) => sum + each.failed, 0);
  return {
    track,
    ready: pods.filter(({ ready }) => ready).length,
    pods: pods.length,
    rate: told.length > 0 && seconds > 0 ? requests / seconds : undefined,
    failed: requests > 0 ? failed / requests : undefined,
  };
}

function sharesOf(calls: readonly Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const each of calls) for (const [provider, count] of Object.entries(each)) sums[provider] = (sums[provider] ?? 0) + count;
  const all = Object.values(sums).reduce((sum, count) => sum + count, 0);
  return all === 0 ? {} : Object.fromEntries(Object.entries(sums).map(([provider, count]) => [provider, count / all]));
}
