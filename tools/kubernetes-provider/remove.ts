import { timeoutOf } from "./become.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { ApiError, Cancelled, explain, UnknownKind, Unreachable } from "./errors.ts";
import { collectionPath, groupOf, type KindInfo, typeOf } from "./kinds.ts";
import { describe, isTrue, type KubeObject } from "./objects.ts";
import { giveBack, isPatch } from "./patch.ts";
import { deleteObject } from "./propagation.ts";
import { remember } from "./redact.ts";
import type { Runtime } from "./runtime.ts";
import { pause } from "./time.ts";
import { type Props, plain, secretStrings } from "./values.ts";
import { follow } from "./watch.ts";

export interface RemoveRequest {
  urn: string;
  state: Props;
  /** Seconds; 0 for the default. */
  timeout: number;
}

/** Kinds whose deletion is not awaited either under `pulumi.com/skipAwait`; the official provider awaits that of all others. */
const SKIPPED = new Set([
  "/Namespace",
  "/Pod",
  "/ReplicationController",
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/StatefulSet",
  "batch/Job",
]);

/** Deletes an object with what it owns and returns once it is gone; one that is gone already is fine. */
export async function remove(runtime: Runtime, request: RemoveRequest): Promise<void> {
  remember(secretStrings(request.state));
  const { live, inputs, fieldManager } = readCheckpoint(request.state);
  const what = describe(live);
  const settings = plain(inputs);
  try {
    if (isPatch(typeOf(request.urn), live.kind)) return await giveBack(runtime, live, fieldManager);
    const kind = await runtime.client.kind(live.apiVersion, live.kind);
    const answer = await deleteObject(runtime, kind, live, settings);
    if (answer.kind === "Status" || (isTrue(settings, "pulumi.com/skipAwait") && SKIPPED.has(`${groupOf(live.apiVersion)}/${live.kind}`)))
      return;
    await untilGone(runtime, request.urn, kind, answer as KubeObject, timeoutOf(inputs, request.timeout));
  } catch (error) {
    if (error instanceof UnknownKind || (error instanceof ApiError && error.notFound)) return;
    if (error instanceof Unreachable && runtime.deleteUnreachable) {
      runtime.reporter.log(
        request.urn,
        "warning",
        `${what} leaves the state undeleted: its cluster cannot be reached and deleteUnreachable is set`,
      );
      return;
    }
    throw explain(error, `deleting ${what}`);
  }
}

/** Waits until an object that is being deleted is gone; another one may have taken its name. */
export async function untilGone(runtime: Runtime, urn: string, kind: KindInfo, object: KubeObject, timeoutSeconds: number): Promise<void> {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  const stop = new AbortController();
  const selection = { path: collectionPath(kind, namespace), fieldSelector: `metadata.name=${name}` };
  let last = object;
  const gone = new Promise<void>((resolve, reject) => {
    const look = (objects: Map<string, KubeObject>): void => {
      const [found] = objects.values();
      if (!found || found.metadata.uid !== uid) resolve();
      else {
        last = found;
        runtime.reporter.status(urn, remaining(found));
      }
    };
    const onCancel = () => reject(new Cancelled(`waiting for ${describe(object)} to be gone`));
    if (runtime.cancelled.aborted) onCancel();
    runtime.cancelled.addEventListener("abort", onCancel, { signal: stop.signal });
    follow(runtime.client, selection, look, stop.signal, { resourceVersion: resourceVersion ?? "", known: [object] }).catch(reject);
    pause(timeoutSeconds * 1000, stop.signal).then(
      () => reject(new Error(`${describe(object)} is not gone within ${timeoutSeconds} s: ${remaining(last)}`)),
      () => {},
    );
  });
  await gone.finally(() => stop.abort());
}

/** What holds a deletion up. */
function remaining(object: KubeObject): string {
  const conditions = (object.status as { conditions?: { status: string; message?: string; type: string }[] } | undefined)?.conditions ?? [];
  const told = conditions.filter(({ status, type }) => status === "True" && /Remaining|Failure/.test(type)).map(({ message }) => message);
  const finalizers = object.metadata.finalizers ?? [];
  if (told.length > 0) return told.join("; ");
  return finalizers.length > 0 ? `waiting for its finalizers ${finalizers.join(", ")}` : "waiting until it is gone";
}
