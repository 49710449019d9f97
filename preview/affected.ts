/** Which stacks a change touches, and why. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { project, readStackConfig } from "../pulumi/stackFile.ts";
import { projectRoot } from "../tools/paths.ts";

export interface AffectedStack {
  stack: string;
  system: string;
  /** Changed files by what they are to the stack: `its levers`, `its plan`, … */
  why: Record<string, string[]>;
}

export interface KnownStack {
  stack: string;
  system: string;
}

/** The stacks that have a file in stacks/, but for those that drills made. */
export function knownStacks(): KnownStack[] {
  return readdirSync(join(projectRoot, "stacks"))
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .filter((stack) => !stack.endsWith("-drill"))
    .map((stack) => ({ stack, system: String(readStackConfig(stack)[`${project}:system`] ?? stack) }))
    .sort((a, b) => (a.stack < b.stack ? -1 : 1));
}

/** What every stack is made of: a change there may change any. */
const shared: Record<string, RegExp> = {
  "the components": /^components\//,
  "the policies": /^policies\//,
  "the program": /^(Pulumi\.yaml|stacks\/(index|plans)\.ts|stacks\/startup\/.*)$/,
  "its packages": /^package(-lock)?\.json$/,
};

const noCode = /(\.test\.ts|\.md)$/;

/** Of `stacks`, those that a change of `files` touches. */
export function affectedStacks(files: readonly string[], stacks: readonly KnownStack[]): AffectedStack[] {
  const code = files.filter((file) => !noCode.test(file));
  return stacks.flatMap(({ stack, system }) => {
    const kinds: Record<string, (file: string) => boolean> = {
      "its levers": (file) => file === `stacks/Pulumi.${stack}.yaml`,
      "its plan": (file) => file === `stacks/${system}.ts` || file.startsWith(`stacks/${system}/`),
      "its drills": (file) => file === `stacks/drills/${system}.json`,
      ...Object.fromEntries(Object.entries(shared).map(([kind, pattern]) => [kind, (file: string) => pattern.test(file)])),
    };
    const found = Object.entries(kinds).map(([kind, matches]) => [kind, code.filter(matches)] as const);
    const why = Object.fromEntries(found.filter(([, changed]) => changed.length > 0));
    return Object.keys(why).length > 0 ? [{ stack, system, why }] : [];
  });
}
