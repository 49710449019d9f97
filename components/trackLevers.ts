import type { Levers } from "./levers/levers.ts";
import { canaryReplicas, stableServes } from "./motion.ts";
import type { Plan, TrackName } from "./plan/plan.ts";
import { podsFor } from "./traffic/route.ts";

/** What the levers say of one track. */
export interface TrackLever {
  track: TrackName;
  image: string;
  provider: string;
  replicas: number;
  serving: boolean;
}

/** Every track that the levers ask for; in maintenance none of them has pods. */
export function trackLevers(plan: Plan, levers: Levers): TrackLever[] {
  const tracks = tracksInService(plan, levers);
  return levers.maintenance ? tracks.map((track) => ({ ...track, replicas: 0, serving: false })) : tracks;
}

function tracksInService({ service, providers }: Plan, levers: Levers): TrackLever[] {
  const { stable, canary, fallback, aiProvider } = levers;
  const full = service.replicas;
  const weight = canary?.weight ?? 0;
  const tracks: TrackLever[] = [
    { track: "stable", image: stable.image, provider: stable.aiProvider ?? aiProvider, replicas: full, serving: stableServes(weight) },
  ];
  if (canary) {
    const largest = service.autoscaling?.maxReplicas ?? full;
    const replicas = levers.traffic.mode === "gateway" ? podsFor(weight, largest) : canaryReplicas(weight, full);
    tracks.push({ track: "canary", image: canary.image, provider: canary.aiProvider ?? aiProvider, replicas, serving: replicas > 0 });
  }
  if (fallback) tracks.push({ track: "fallback", image: fallback.image, provider: providers.fallback, replicas: full, serving: false });
  return tracks;
}
