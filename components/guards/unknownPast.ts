import { exposures } from "../exposure.ts";
import { flagsVersion } from "../featureFlags.ts";
import type { Levers } from "../levers/levers.ts";
import type { TrackName } from "../plan/plan.ts";
import { trackLevers } from "../trackLevers.ts";
import type { Updating } from "./direction.ts";
import { carriesOutALevel } from "./level.ts";

/**
 * The levers by which an update moves forward where the levers before it are not known.
 *
 * Of a stack's first update nothing is: whatever exposes somebody to something new moves forward then. A record that an earlier version
 * of this project left tells of tracks and of flags' definitions: what is as it was there, or as a level leaves it, does not.
 */
export function movesFromUnknown({ plan, levers, last }: Updating): string[] {
  const unknown = { before: levers, now: levers };
  const kept: Record<string, boolean> = {
    "stable.image": recordedTrack(last, "stable")?.image === levers.stable.image,
    "canary.weight": canaryKept({ plan, levers, last }),
    aiProvider: providersKept({ plan, levers, last }),
  };
  const flagsKept = last?.flags[0]?.hash === flagsVersion(plan, levers.flags).hash;
  const exposed = Object.entries(exposures(plan, levers)).filter(([, percentage]) => percentage > 0);
  return ["stable.image", ...exposed.map(([lever]) => lever)].filter((lever) => {
    if (kept[lever] ?? flagsKept) return false;
    return last === undefined || !carriesOutALevel(plan, unknown, lever);
  });
}

const recordedTrack = (last: Updating["last"], name: TrackName) => last?.tracks.find(({ track }) => track === name);

/** Whether the canary is what it was, and has no more pods. */
function canaryKept({ plan, levers, last }: Updating): boolean {
  const recorded = recordedTrack(last, "canary");
  const canary = trackLevers(plan, levers).find(({ track }) => track === "canary");
  return recorded !== undefined && recorded.image === canary?.image && recorded.replicas >= canary.replicas;
}

function providersKept({ plan, levers, last }: Updating): boolean {
  return serving(levers)
    .flatMap((name) => trackLevers(plan, levers).filter(({ track }) => track === name))
    .every(({ track, provider }) => provider === plan.providers.fallback || recordedTrack(last, track)?.provider === provider);
}

const serving = ({ canary }: Levers): TrackName[] => {
  const weight = canary?.weight ?? 0;
  return [...(weight < 100 ? (["stable"] as const) : []), ...(weight > 0 ? (["canary"] as const) : [])];
};
