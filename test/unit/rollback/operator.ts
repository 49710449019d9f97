/** The rollback command without a terminal, an engine or a cluster. */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenStack } from "../../../cli/stack/open.ts";
import { readStackDocument } from "../../../cli/stack/stackDocument.ts";
import { plans } from "../../../stacks/plans.ts";
import { projectRoot } from "../../../tools/paths.ts";
import { type Person, rollbackInProcess } from "../../rollbackInProcess.ts";

export interface Situation extends Person {
  /** One of the project's own. */
  stack: string;
  /** The `change` lever of its file. */
  change?: Record<string, unknown>;
  /** What `pulumi stack history --json` prints. */
  history?: object[];
}

/** An update as `pulumi stack history --json` has it. */
export const update = (
  message: string,
  startTime: string,
  seconds: number,
  change: object,
  result = "succeeded",
  levers: Record<string, unknown> = {},
) => ({
  kind: "update",
  message,
  startTime,
  endTime: new Date(Date.parse(startTime) + seconds * 1000).toISOString(),
  result,
  config: {
    "rollback-stacks:change": { secret: false, objectValue: change },
    "rollback-stacks:verification": { secret: false, objectValue: { image: "operations" } },
    ...Object.fromEntries(
      Object.entries(levers).map(([lever, objectValue]) => [`rollback-stacks:${lever}`, { secret: false, objectValue }]),
    ),
  },
});

/** Runs `rollback <args>`. */
export async function rollback(args: readonly string[], { stack: name, change, history = [], ...person }: Situation) {
  const folder = mkdtempSync(join(tmpdir(), "rollback-unit-"));
  const document = readStackDocument(join(projectRoot, "stacks", `Pulumi.${name}.yaml`), name, "rollback-stacks");
  const plan = await plans[name]?.();
  const stack = {
    name,
    plan,
    // No drill is on record there.
    project: { folder, name: "rollback-stacks" },
    document: { ...document, levers: { ...document.levers, ...(change && { change }) } },
    pulumi: { run: async () => ({ stdout: JSON.stringify(history) }) },
  } as unknown as OpenStack;
  return { ...(await rollbackInProcess(args, stack, person)), folder };
}
