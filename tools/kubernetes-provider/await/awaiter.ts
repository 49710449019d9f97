import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import type { KubeObject } from "../objects.ts";
import type { Selection } from "../watch.ts";

/** Where an object stands on its way to being ready. */
export type Verdict =
  | { state: "ready"; warning?: string }
  /** Waiting cannot help any more. */
  | { state: "failed"; causes: string[] }
  /** `recheckMs`: look again after this time even if nothing changes. */
  | { state: "waiting"; progress: string; causes: string[]; recheckMs?: number };

/** What an awaiter looks at. */
export interface View<T = KubeObject> {
  object: T;
  /** Objects of the awaiter's selections by their name there; empty until first listed. */
  related: Record<string, KubeObject[]>;
  /** Names of the selections that were listed at least once. */
  listed: Set<string>;
  /** Names of the selections that the user may not see; they stay empty. */
  denied: Set<string>;
  pods: V1Pod[];
  /** Warnings about the object and its pods. */
  events: CoreV1Event[];
  /** Last log lines of a container that crashed; undefined while they are fetched. */
  logs(pod: V1Pod, container: string, previous: boolean): string[] | undefined;
  /** Since when the object is awaited, in milliseconds. */
  elapsedMs: number;
}

/** How one kind becomes ready. Called with the object alone first, so that a ready one costs no request. */
export interface Awaiter {
  assess(view: View): Verdict;
  /** What else is watched, by name; `pods` and `events` have a meaning of their own. */
  related?(object: KubeObject): Record<string, Selection>;
  /** It takes more than the object to tell; a refresh does not look further and assumes the best. */
  dependsOnOthers?: boolean;
}

export const ready: Verdict = { state: "ready" };

export function condition<T extends { type: string; status: string }>(conditions: T[] | undefined, type: string): T | undefined {
  return conditions?.find((item) => item.type === type);
}

/** A label selector as the API takes it in a query. */
export function labelQuery(selector: {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}): string {
  const equals = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator === "In" ? "in" : "notin"} (${(values ?? []).join(",")})`;
  });
  return [...equals, ...expressions].join(",");
}

export function podsOf(object: KubeObject, labelSelector: string): Record<string, Selection> {
  const path = `/api/v1/namespaces/${object.metadata.namespace}`;
  return {
    pods: { path: `${path}/pods`, labelSelector },
    events: { path: `${path}/events`, fieldSelector: "type=Warning" },
  };
}
