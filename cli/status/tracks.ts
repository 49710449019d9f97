import type { V1Deployment, V1Pod } from "@kubernetes/client-node";
import { providerLabel } from "../../components/motion.ts";
import type { Plan, TrackName } from "../../components/plan/plan.ts";
import type { ReleaseRecord } from "../../components/releaseRecord.ts";
import { isReady } from "../../probes/podState.ts";
import type { Live } from "../cluster/live.ts";

export interface TrackStatus {
  track: string;
  /** Of its ready pods, with the provider: where an update is half-way, those of before, or of both. Of what is to run where none is. */
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
    return found ? [{ track: track as TrackName, ...runningOf(found, live.pods, selector) }] : [];
  });
  const serving = tracks.reduce((sum, { behind }) => sum + behind, 0);
  return tracks.map(({ behind, ...status }) => {
    const weight = record?.route?.backends.find(({ to }) => to === status.track)?.weight;
    const share = serving > 0 ? Math.round((100 * behind) / serving) : 0;
    return { ...status, traffic: record?.route ? (weight ?? 0) : share };
  });
}

type Labels = Record<string, string>;

/** A Deployment by its pods: what it says of itself is what it is on its way to. */
function runningOf({ spec }: V1Deployment, pods: readonly V1Pod[], selector: Labels) {
  const ready = pods.filter((pod) => isReady(pod) && has(pod.metadata?.labels, spec?.selector.matchLabels));
  const told = (of: (pod: Pick<V1Pod, "metadata" | "spec">) => string | undefined) => {
    const running = [...new Set(ready.map(of))];
    return (running.length > 0 ? running : [spec && of(spec.template)]).map((one) => one ?? "?").join(", ");
  };
  return {
    image: told((pod) => pod.spec?.containers[0]?.image),
    provider: told(({ metadata }) => metadata?.labels?.[providerLabel]),
    ready: ready.length,
    wanted: spec?.replicas ?? 1,
    /** How many of them the Service sends requests to. */
    behind: ready.filter(({ metadata }) => has(metadata?.labels, selector)).length,
  };
}

/** Nothing has the labels of a selector that is empty. */
const has = (labels: Labels = {}, selector: Labels = {}): boolean =>
  Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => labels[key] === value);
