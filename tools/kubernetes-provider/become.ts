import { appliedAwaiterOf } from "./await/registry.ts";
import { NeverReady, waitUntilReady } from "./await/wait.ts";
import { type Checkpoint, outputs } from "./checkpoint.ts";
import { ApiError, Cancelled, explain, NotReady } from "./errors.ts";
import type { KindInfo } from "./kinds.ts";
import { annotation, describe, idOf, type KubeObject } from "./objects.ts";
import type { Runtime } from "./runtime.ts";
import { type Props, plain } from "./values.ts";

const DEFAULT_TIMEOUT_SECONDS = 600;

/** Seconds an operation may take: customTimeouts, else `pulumi.com/timeoutSeconds`, else 10 minutes. */
export function timeoutOf(inputs: Props, customTimeout: number): number {
  if (customTimeout > 0) return customTimeout;
  const annotated = Number(annotation(plain(inputs), "pulumi.com/timeoutSeconds"));
  return annotated > 0 ? annotated : DEFAULT_TIMEOUT_SECONDS;
}

/**
 * Waits until an applied object is ready and returns its outputs.
 * @throws NotReady with the outputs as they are, so that state knows of the object
 */
export async function becomeReady(
  runtime: Runtime,
  urn: string,
  kind: KindInfo,
  applied: KubeObject,
  checkpoint: Checkpoint,
  customTimeout: number,
): Promise<{ id: string; properties: Props }> {
  const { inputs } = checkpoint;
  try {
    const { client, reporter, cancelled } = runtime;
    const awaiter = await appliedAwaiterOf(client, kind, applied, plain(inputs));
    if (!awaiter) return { id: idOf(applied), properties: outputs(applied, checkpoint) };
    const timeoutSeconds = timeoutOf(inputs, customTimeout);
    const object = await waitUntilReady(awaiter, { client, reporter, urn, kind, object: applied, timeoutSeconds, cancelled });
    return { id: idOf(object), properties: outputs(object, checkpoint) };
  } catch (error) {
    const last = error instanceof NeverReady ? error.object : applied;
    const message = whyNotReady(error as Error, describe(applied));
    throw new NotReady(message, [message], idOf(last), outputs(last, checkpoint), inputs);
  }
}

function whyNotReady(error: Error, what: string): string {
  if (error instanceof NeverReady || error instanceof Cancelled) return error.message;
  const doing = `${what} was applied but could not be watched`;
  return error instanceof ApiError ? explain(error, doing).message : `${doing}: ${error.message}`;
}
