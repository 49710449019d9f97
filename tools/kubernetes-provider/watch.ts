import type { IncomingMessage } from "node:http";
import { type KubeClient, OUTAGE_MS, Silence } from "./client.ts";
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
 * again where it ended, an expired history or a silent watch is listed anew, an API server that is gone is tried for a minute.
 * @throws ApiError where the server refuses, Unreachable where it stays away
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
  let failures = 0;
  let failingSince: number | undefined;
  while (!signal.aborted) {
    try {
      if (version === undefined) {
        version = await list(client, selection, objects, signal);
        onChange(objects);
      }
      const response = await openWatch(client, selection, version, signal);
      failingSince = undefined;
      for await (const event of eventsOf(response)) {
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
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Silence || (error instanceof ApiError && error.status === 410)) version = undefined;
      else if (error instanceof ApiError && error.status < 500 && error.status !== 429) throw error;
      failingSince ??= Date.now();
      if (Date.now() - failingSince > OUTAGE_MS) throw error;
    }
    // A server may close watches at once while it shuts down.
    await pause(Math.min(20 * 2 ** failures++, 2000), signal).catch(() => {});
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

function openWatch(client: KubeClient, selection: Selection, version: string | undefined, signal: AbortSignal): Promise<IncomingMessage> {
  const query = { ...selectors(selection), watch: "true", allowWatchBookmarks: "true", resourceVersion: version ?? "" };
  return client.stream({ method: "GET", path: selection.path, query, signal });
}

async function* eventsOf(response: IncomingMessage): AsyncGenerator<WatchEvent> {
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
