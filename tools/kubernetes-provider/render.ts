import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { objectOf } from "./apply.ts";
import { type CheckRequest, check } from "./check.ts";
import { outputs, readCheckpoint } from "./checkpoint.ts";
import type { CreateRequest } from "./create.ts";
import { type Difference, difference } from "./diff.ts";
import { UnknownKind } from "./errors.ts";
import type { MutableKinds } from "./immutable.ts";
import { builtInKind, typeOf } from "./kinds.ts";
import { newFieldManager } from "./naming.ts";
import { describe, idOf, type KubeObject } from "./objects.ts";
import { isPatch } from "./patch.ts";
import type { DiffRequest } from "./provider.ts";
import type { ReadRequest, ReadResult } from "./read.ts";
import type { RemoveRequest } from "./remove.ts";
import type { Reporter } from "./report.ts";
import { Program } from "./runtime.ts";
import type { UpdateRequest } from "./update.ts";
import { hasSecret, type Props, plain } from "./values.ts";

/**
 * Writes objects to files in place of a cluster (`renderYamlToDirectory`), one YAML file each, under the official provider's names.
 * No cluster is asked for anything; what a server would fill in is missing from the outputs.
 */
export class Renderer {
  readonly #directory: string;
  readonly #mutable: MutableKinds;
  readonly #reporter: Reporter;
  readonly #surroundings;

  /** @param namespace for objects that name none */
  constructor(directory: string, namespace: string, mutable: MutableKinds, reporter: Reporter) {
    this.#directory = directory;
    this.#mutable = mutable;
    this.#reporter = reporter;
    this.#surroundings = { identity: undefined, namespace, program: new Program(), client: { kind } };
  }

  check(request: CheckRequest): Promise<Props> {
    return check(this.#surroundings, request);
  }

  async diff({ urn, state, inputs, ignoreChanges }: DiffRequest): Promise<Difference> {
    const { inputs: oldInputs, fieldManager } = readCheckpoint(state);
    const object = objectOf(oldInputs);
    // Nobody else writes these files, so everything in them is ours.
    const managedFields = [{ manager: fieldManager, operation: "Apply" as const, fieldsV1: {} }];
    return difference({
      oldInputs,
      newInputs: inputs,
      live: { ...object, metadata: { ...object.metadata, managedFields } },
      fieldManager,
      ignore: ignoreChanges,
      mutable: this.#mutable,
      patches: isPatch(typeOf(urn), plain(inputs).kind),
      refused: async () => [],
    });
  }

  async create({ urn, inputs, preview }: CreateRequest): Promise<{ id: string; properties: Props }> {
    if (preview) return { id: "", properties: inputs };
    return { id: idOf(objectOf(inputs)), properties: this.#write(urn, inputs, newFieldManager(), String(inputs.apiVersion)) };
  }

  async update({ urn, state, inputs, preview }: UpdateRequest): Promise<Props> {
    const { fieldManager, initialApiVersion } = readCheckpoint(state);
    return preview ? inputs : this.#write(urn, inputs, fieldManager, initialApiVersion);
  }

  async read({ id, state, inputs }: ReadRequest): Promise<ReadResult | undefined> {
    return Object.keys(state).length > 0 ? { id, properties: state, inputs } : undefined;
  }

  async remove({ state }: RemoveRequest): Promise<void> {
    rmSync(this.#pathOf(readCheckpoint(state).live), { force: true });
  }

  #write(urn: string, inputs: Props, fieldManager: string, initialApiVersion: string): Props {
    const object = objectOf(inputs);
    const path = this.#pathOf(object);
    if (hasSecret(inputs)) this.#reporter.log(urn, "warning", `${path} holds secret values of ${describe(object)} in the clear`);
    mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
    writeFileSync(path, stringify(object, { lineWidth: 0 }), { mode: 0o600 });
    this.#reporter.status(urn, `rendered ${path}`);
    return outputs(object, { inputs, fieldManager, initialApiVersion });
  }

  #pathOf({ apiVersion, kind, metadata }: KubeObject): string {
    const name = `${apiVersion}-${kind.toLowerCase()}-${metadata.namespace ?? "default"}-${metadata.name}.yaml`;
    return join(this.#directory, kind === "CustomResourceDefinition" ? "0-crd" : "1-manifest", name.replace(/[/:]/g, "_"));
  }
}

async function kind(apiVersion: string, name: string) {
  const known = builtInKind(apiVersion, name);
  if (known) return known;
  throw new UnknownKind(`no cluster is asked about ${name} in ${apiVersion}`);
}
