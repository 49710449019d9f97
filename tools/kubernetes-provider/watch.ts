import type { KubeClient } from "./client.ts";
import { ApiError } from "./errors.ts";
import type { KubeObject } from "./objects.ts";
import { pause } from "./time.ts";

export interface Selection {
  path: string;
  fieldSelector?: string;
  labelSelector?: string;
}

interface ObjectList {
  apiVersion: string;
  kind: string;
  metadata: { resourceVersion?: string };
  items: KubeObject[];
}

interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: KubeObject & { code?: number };
}

/**
 * Keeps `onChange` told of the objects of a selection until the signal aborts: lists them, then watches; a closed watch is opened
 * again where it ended, an expired history is listed anew, an API server that is gone is tried until it is back.
 * @param from resource version to watch from where the caller already knows the objects (`known`), which saves the list
 */
export async function follow(
  client: KubeClient,
  selection: Selection,
  onChange: (objects: Map<string, KubeObject>) => void,
  signal: AbortSignal,
  from?: { resourceVersion: string; known: KubeObject[] },
): Promise<void> {
  const objects = new Map<string, KubeObject>((from?.known ?? []).map((object) => [keyOf(object), object]));
  let version = from?.resourceVersion;
  for (let failures = 0; !signal.aborted; ) {
    try {
      if (version === undefined) {
        version = await list(client, selection, objects, signal);
        onChange(objects);
      }
      for await (const event of watch(client, selection, version, signal)) {
        failures = 0;
        if (event.type === "ERROR") {
          version = undefined;
          break;
        }
        version = event.object.metadata.resourceVersion;
        if (event.type === "BOOKMARK") continue;
        if (event.type === "DELETED") objects.delete(keyOf(event.object));
        else objects.set(keyOf(event.object), event.object);
        onChange(objects);
      }
      // A server may close watches at once while it shuts down.
      await pause(20, signal).catch(() => {});
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status === 410) version = undefined;
      else if (error instanceof ApiError && error.status < 500 && error.status !== 429) throw error;
      await pause(Math.min(50 * 2 ** failures++, 2000), signal).catch(() => {});
    }
  }
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}

async function list(
  client: KubeClient,
  selection: Selection,
  objects: Map<string, KubeObject>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { body } = await client.request<ObjectList>({ method: "GET", path: selection.path, query: selectors(selection), signal });
  objects.clear();
  // Items of a list do not say what they are.
  const type = { apiVersion: body.apiVersion, kind: body.kind.replace(/List$/, "") };
  for (const object of body.items ?? []) objects.set(keyOf(object), { ...object, ...type });
  return body.metadata.resourceVersion;
}

async function* watch(
  client: KubeClient,
  selection: Selection,
  version: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent> {
  const query = { ...selectors(selection), watch: "true", allowWatchBookmarks: "true", resourceVersion: version ?? "" };
  const response = await client.stream({ method: "GET", path: selection.path, query, signal });
  try {
    let rest = "";
    response.setEncoding("utf8");
    for await (const chunk of response) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield JSON.parse(line) as WatchEvent;
    }
  } finally {
    response.destroy();
  }
}

function selectors({ fieldSelector, labelSelector }: Selection): Record<string, string> {
  return { ...(fieldSelector && { fieldSelector }), ...(labelSelector && { labelSelector }) };
}
