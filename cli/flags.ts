/** Flags that several commands have. */

import type { Operator } from "./context.ts";
import { findProject, stacksWithFile } from "./stack/project.ts";

export const stackFlag = {
  kind: "parsed",
  parse: String,
  brief: "Which stack (default: PULUMI_STACK, else the selected one)",
  optional: true,
  async proposeCompletions(this: Operator, partial: string) {
    return stacksWithFile(await findProject(this.cwd)).filter((name) => name.startsWith(partial));
  },
} as const;

export const jsonFlag = { kind: "boolean", brief: "Print JSON", default: false, withNegated: false } as const;
