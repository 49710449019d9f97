import { type ApplyOptions, apply, isForced, objectOf } from "./apply.ts";
import { becomeReady, timeoutOf } from "./become.ts";
import { type Checkpoint, previewOutputs, readCheckpoint } from "./checkpoint.ts";
import { ApiError, explain, UnknownKind } from "./errors.ts";
import { keepIgnored } from "./ignore.ts";
import { typeOf } from "./kinds.ts";
import { applyLasting } from "./lasting.ts";
import { newFieldManager } from "./naming.ts";
import { annotation, describe, type KubeObject, metadataOf } from "./objects.ts";
import { isPatch, requireTarget } from "./patch.ts";
import { remember } from "./redact.ts";
import { type Runtime, seedOf } from "./runtime.ts";
import { predecessors, takeOver } from "./takeover.ts";
import { hasUnknown, type Props, plain, secretStrings } from "./values.ts";

export interface UpdateRequest {
  urn: string;
  state: Props;
  inputs: Props;
  ignoreChanges: string[];
  /** Seconds; 0 for the default. */
  timeout: number;
  preview: boolean;
}

export async function update(runtime: Runtime, request: UpdateRequest): Promise<Props> {
  const { inputs, urn, preview } = request;
  remember(secretStrings(inputs));
  const patches = isPatch(typeOf(urn), plain(inputs).kind);
  if (preview && (patches || hasUnknown(inputs))) return inputs;
  if (patches) await requireTarget(runtime, objectOf(inputs));
  const old = readCheckpoint(request.state);
  const fieldManager =
    annotation(plain(inputs), "pulumi.com/patchFieldManager") ??
    (old.fieldManager || newFieldManager(seedOf(runtime, urn, String(metadataOf(inputs).name))));
  const checkpoint: Checkpoint = { inputs, fieldManager, initialApiVersion: old.initialApiVersion };
  const options = { fieldManager, force: isForced(inputs) };
  const object = await keepIgnored(runtime, objectOf(inputs), fieldManager, request.ignoreChanges);
  // A dry run would still meet the fields that the update takes over first.
  if (preview && predecessors(old.live, fieldManager).length > 0) return inputs;
  if (preview) return previewUpdate(runtime, urn, object, checkpoint, options);
  if (!patches) await takeOver(runtime, old.live, fieldManager);
  const applied = await applyLasting(runtime, urn, object, options, timeoutOf(inputs, request.timeout));
  for (const warning of applied.warnings) runtime.reporter.log(urn, "warning", `${describe(object)}: ${warning}`);
  if (applied.created) runtime.reporter.log(urn, "warning", `${describe(object)} had been deleted outside of Pulumi; it was created again`);
  const { properties } = await becomeReady(runtime, urn, applied.kind, applied.object, checkpoint, request.timeout);
  return properties;
}

async function previewUpdate(
  runtime: Runtime,
  urn: string,
  object: KubeObject,
  checkpoint: Checkpoint,
  options: ApplyOptions,
): Promise<Props> {
  try {
    const kind = await runtime.client.kind(object.apiVersion, object.kind);
    const dry = await apply(runtime, kind, object, { ...options, dryRun: true });
    return previewOutputs(dry.object, checkpoint, false);
  } catch (error) {
    if (error instanceof UnknownKind) return checkpoint.inputs;
    // Whoever may only look can still preview; the update itself will need the right.
    if (error instanceof ApiError && error.forbidden) {
      runtime.reporter.log(urn, "warning", `previewed without the server: ${explain(error, describe(object)).message}`);
      return checkpoint.inputs;
    }
    throw explain(error, describe(object));
  }
}
