import type { V1Deployment } from "@kubernetes/client-node";
import { providerLabel } from "../../components/motion.ts";
import type { Plan, TrackName } from "../../components/plan/plan.ts";
import type { ReleaseRecord } from "../../components/releaseRecord.ts";
import type { Live } from "../cluster/live.ts";

export interface TrackStatus {
  track: string;
  image: string;
  provider: string;
  /** Percentage of the traffic: of a route's weights, else of the ready pods behind the Service. Null where the cluster is not seen. */
  traffic: number | null;
  /** Pods; null where the cluster is not seen. */
  ready: number | null;
  wanted: number;
}

/** The tracks as they run; where the cluster is not seen, as the last verified update left them. */
export function tracksOf(plan: Plan, record: ReleaseRecord | undefined, live: Live | undefined): TrackStatus[] {
  if (!live) {
    return (record?.tracks ?? []).map(({ track, image, provider, replicas }) => ({
      track,
      image,
      provider,
      traffic: null,
      ready: null,
      wanted: replicas,
    }));
  }
  const selector = live.services.find(({ metadata }) => metadata?.name === plan.service.name)?.spec?.selector ?? {};
  const tracks = Object.entries(plan.service.tracks).flatMap(([track, { deployment }]) => {
    const found = live.deployments.find(({ metadata }) => metadata?.name === deployment);
    return found ? [{ track: track as TrackName, ...runningOf(found), behind: isBehind(found, selector) }] : [];
  });
  const serving = tracks.filter(({ behind }) => behind).reduce((sum, { ready }) => sum + ready, 0);
  return tracks.map(({ behind, ...status }) => {
    const weight = record?.route?.backends.find(({ to }) => to === status.track)?.weight;
    const share = behind && serving > 0 ? Math.round((100 * status.ready) / serving) : 0;
    return { ...status, traffic: record?.route ? (weight ?? 0) : share };
  });
}

function runningOf({ spec, status }: V1Deployment) {
  const [container] = spec?.template.spec?.containers ?? [];
  const provider = spec?.template.metadata?.labels?.[providerLabel] ?? "?";
  return { image: container?.image ?? "?", provider, ready: status?.readyReplicas ?? 0, wanted: spec?.replicas ?? 1 };
}

function isBehind({ spec }: V1Deployment, selector: Record<string, string>): boolean {
  const labels = spec?.template.metadata?.labels ?? {};
  return Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => labels[key] === value);
}
