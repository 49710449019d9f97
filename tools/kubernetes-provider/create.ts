import { applyWhenPossible, isForced, objectOf, previewCreate } from "./apply.ts";
import { becomeReady } from "./become.ts";
import { type Checkpoint, previewOutputs } from "./checkpoint.ts";
import { InputError } from "./errors.ts";
import { typeOf } from "./kinds.ts";
import { newFieldManager } from "./naming.ts";
import { annotation, describe, type KubeObject } from "./objects.ts";
import { isPatch, requireTarget } from "./patch.ts";
import { remember } from "./redact.ts";
import type { Runtime } from "./runtime.ts";
import { hasUnknown, type Props, plain, secretStrings } from "./values.ts";

export interface CreateRequest {
  urn: string;
  inputs: Props;
  /** Seconds; 0 for the default. */
  timeout: number;
  preview: boolean;
}

/** An object that was there this long before the create began was not made by an interrupted attempt of it. */
const OLDER_MS = 10_000;

export async function create(runtime: Runtime, request: CreateRequest): Promise<{ id: string; properties: Props }> {
  const { inputs, urn } = request;
  remember(secretStrings(inputs));
  const patches = isPatch(typeOf(urn), plain(inputs).kind);
  // Whether there is something to patch may be known only after what creates it.
  if (request.preview && (patches || hasUnknown(inputs))) return { id: "", properties: inputs };
  const fieldManager = annotation(plain(inputs), "pulumi.com/patchFieldManager") ?? newFieldManager();
  const checkpoint: Checkpoint = { inputs, fieldManager, initialApiVersion: String(inputs.apiVersion) };
  const options = { fieldManager, force: isForced(inputs) };
  if (request.preview) {
    const dry = await previewOrWarn(runtime, urn, inputs, { ...options, force: options.force || runtime.program.deletedFirst.has(urn) });
    return { id: "", properties: dry ? previewOutputs(dry, checkpoint, true) : inputs };
  }
  if (patches) await requireTarget(runtime, objectOf(inputs));
  const began = Date.now();
  const { object, kind, created, warnings } = await applyWhenPossible(runtime, objectOf(inputs), options);
  for (const warning of warnings) runtime.reporter.log(urn, "warning", `${describe(object)}: ${warning}`);
  if (!created && !patches && Date.parse(object.metadata.creationTimestamp ?? "") < began - OLDER_MS) {
    runtime.reporter.log(
      urn,
      "warning",
      `${describe(object)} was there already; this stack now manages the fields that it sets, and will delete it with the stack`,
    );
  }
  return becomeReady(runtime, urn, kind, object, checkpoint, request.timeout);
}

async function previewOrWarn(
  runtime: Runtime,
  urn: string,
  inputs: Props,
  options: { fieldManager: string; force: boolean },
): Promise<KubeObject | undefined> {
  try {
    return (await previewCreate(runtime, inputs, options))?.object;
  } catch (error) {
    // Whoever may only look can still preview; the update itself will need the right.
    if (!(error instanceof InputError) || !/cannot \w+ resource/.test(error.message)) throw error;
    runtime.reporter.log(urn, "warning", `previewed without the server: ${error.message}`);
    return undefined;
  }
}
