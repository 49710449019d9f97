import * as pulumi from "@pulumi/pulumi";
import { fingerprint } from "../fingerprint.ts";

/**
 * What the stack's things are called in a project that it shares with other stacks, of the same system too: `mindmend-staging`.
 *
 * @param longest characters that the kind of thing may have; what is longer ends in a hash.
 */
export function projectWide(system: string, purpose: string, longest: number): string {
  const stack = pulumi.getStack();
  const owner = stack === system || stack.startsWith(`${system}-`) ? stack : `${system}-${stack}`;
  const name = `${owner}-${purpose}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return name.length <= longest ? name : `${name.slice(0, longest - 11).replace(/-$/, "")}-${fingerprint(name)}`;
}
