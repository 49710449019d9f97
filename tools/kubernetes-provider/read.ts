import { refreshAwaiterOf } from "./await/registry.ts";
import { assessOnce } from "./await/wait.ts";
import { type Checkpoint, liveInputs, outputs, readCheckpoint } from "./checkpoint.ts";
import { ApiError, explain, NotReady, UnknownKind, Unreachable } from "./errors.ts";
import { objectPath, parseToken } from "./kinds.ts";
import { newFieldManager } from "./naming.ts";
import { normalize } from "./normalize.ts";
import { describe, type KubeObject, parseId } from "./objects.ts";
import { remember } from "./redact.ts";
import { type Runtime, seedOf } from "./runtime.ts";
import { asLeft } from "./unreachable.ts";
import { markSecrets, type Props, plain, secretStrings } from "./values.ts";

export interface ReadRequest {
  urn: string;
  type: string;
  id: string;
  /** Empty for an import. */
  state: Props;
  inputs: Props;
}

export interface ReadResult {
  id: string;
  properties: Props;
  inputs: Props;
}

/** The object as it is now; undefined where it is gone. */
export async function read(runtime: Runtime, request: ReadRequest): Promise<ReadResult | undefined> {
  remember([...secretStrings(request.inputs), ...secretStrings(request.state)]);
  if (await asLeft(runtime, request.urn, request.state)) return { id: request.id, properties: request.state, inputs: request.inputs };
  const old = readCheckpoint(request.state);
  const { name, namespace } = parseId(request.id);
  const token = parseToken(request.type);
  const oldInputs = plain(request.inputs);
  const apiVersion = String(oldInputs.apiVersion ?? old.live.apiVersion ?? token?.apiVersion);
  const kind = String(oldInputs.kind ?? old.live.kind ?? token?.kind);
  const live = await fetchLive(runtime, apiVersion, kind, namespace, name, request.urn);
  if (!live) return undefined;

  const isImport = Object.keys(request.inputs).length === 0;
  const current = liveInputs(live, oldInputs);
  const inputs = markSecrets(isImport ? normalize(current) : current, request.inputs);
  const checkpoint: Checkpoint = {
    inputs,
    fieldManager: old.fieldManager || newFieldManager(seedOf(runtime, request.urn, live.metadata.name)),
    initialApiVersion: old.initialApiVersion || apiVersion,
  };
  const result = { id: request.id, inputs, properties: outputs(live, checkpoint) };
  if (!isImport) failUnlessReady(live, result);
  return result;
}

async function fetchLive(
  runtime: Runtime,
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name: string,
  urn: string,
): Promise<KubeObject | undefined> {
  try {
    const info = await runtime.client.kind(apiVersion, kind);
    const path = objectPath(info, namespace ?? runtime.namespace, name);
    return (await runtime.client.request({ method: "GET", path })).body;
  } catch (error) {
    if (error instanceof UnknownKind || (error instanceof ApiError && error.notFound)) return undefined;
    if (error instanceof Unreachable && runtime.deleteUnreachable) {
      runtime.reporter.log(urn, "warning", `${kind} ${name} leaves the state: its cluster cannot be reached and deleteUnreachable is set`);
      return undefined;
    }
    throw explain(error, `${kind} ${name}`);
  }
}

/** A refresh must not forget that an object is still on its way: the next update then goes on waiting for it. */
function failUnlessReady(live: KubeObject, result: ReadResult): void {
  const awaiter = refreshAwaiterOf(live, plain(result.inputs));
  if (!awaiter) return;
  const verdict = assessOnce(awaiter, live);
  if (verdict.state === "ready") return;
  const causes = verdict.state === "waiting" ? [verdict.progress, ...verdict.causes] : verdict.causes;
  const message = `${describe(live)} is not ready: ${causes.join("; ")}`;
  throw new NotReady(message, [message], result.id, result.properties, result.inputs);
}
