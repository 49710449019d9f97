import * as pulumi from "@pulumi/pulumi";
import { fingerprint } from "../fingerprint.ts";
import { asName, ownerOf } from "./owner.ts";

/**
 * What the stack's things are called in a project that it shares with other stacks, of the same system too: `mindmend-staging-pods`.
 *
 * @param longest characters that the kind of thing may have; what is longer ends in a hash.
 */
export function projectWide(system: string, purpose: string, longest: number): string {
  const name = asName(`${ownerOf(system, pulumi.getStack())}-${purpose}`);
  return name.length <= longest ? name : `${name.slice(0, longest - 11).replace(/-$/, "")}-${fingerprint(name)}`;
}
