import { createHash, randomBytes } from "node:crypto";
import { InputError } from "./errors.ts";
import { annotation, metadataOf, withMetadata } from "./objects.ts";
import { isProps, type Props, Unknown } from "./values.ts";

const AUTONAMED = "pulumi.com/autonamed";

/** What the engine asks of automatic names (`pulumi:autonaming`). */
export interface Autonaming {
  mode: "propose" | "enforce" | "disable";
  proposed: string;
}

/**
 * Gives an object without a name one: the name it already has, else the engine's proposal, else `<logical name>-<8 hex digits>`;
 * the annotation `pulumi.com/autonamed` remembers it.
 * @throws InputError where automatic names are switched off
 */
export function assignName(inputs: Props, old: Props | undefined, logicalName: string, seed: Uint8Array, autonaming?: Autonaming): Props {
  if (metadataOf(inputs).generateName !== undefined) {
    throw new InputError("metadata.generateName cannot be used with server-side apply; leave metadata.name out to get a generated name");
  }
  if (metadataOf(inputs).name) return inputs;
  const adopted = old && isAutonamed(old) ? metadataOf(old).name : undefined;
  if (adopted) return autonamed(inputs, adopted as string);
  if (autonaming?.mode === "disable") {
    throw new InputError("metadata.name is missing, and automatic names are switched off (pulumi:autonaming)");
  }
  return autonamed(inputs, autonaming?.proposed || uniqueName(`${logicalName}-`, seed));
}

function autonamed(inputs: Props, name: string): Props {
  const annotations = metadataOf(inputs).annotations;
  return withMetadata(inputs, { name, annotations: { ...(isProps(annotations) ? annotations : {}), [AUTONAMED]: "true" } });
}

export function isAutonamed(inputs: Props): boolean {
  return annotation(inputs, AUTONAMED) === "true";
}

export function isNamed(inputs: Props): boolean {
  const { name } = metadataOf(inputs);
  return name !== undefined && !(name instanceof Unknown);
}

/**
 * The same seed gives the same name, so that a saved plan and its update agree, and a create that was interrupted finds at the next
 * attempt what the first one made.
 */
export function uniqueName(prefix: string, seed: Uint8Array): string {
  const digits = seed.length > 0 ? createHash("sha256").update(seed).update(prefix).digest("hex") : randomBytes(4).toString("hex");
  return prefix + digits.slice(0, 8);
}

/** One field manager a resource, kept for its life, so that what leaves the program leaves the object. */
export function newFieldManager(seed: Uint8Array = new Uint8Array()): string {
  return uniqueName("pulumi-kubernetes-", seed);
}
