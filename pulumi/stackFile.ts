/** The file in which a stack's levers are. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { ToolError } from "../tools/errors.ts";
import { projectRoot } from "../tools/paths.ts";

export const project = "rollback-stacks";

export interface StackFile {
  encryptionsalt?: string;
  config?: Record<string, unknown>;
}

export function stackFilePath(stack: string): string {
  return join(projectRoot, "stacks", `Pulumi.${stack}.yaml`);
}

/** The parsed config of a stack's file; `{}` where it has none. Throws when the file is missing or is not YAML. */
export function readStackConfig(stack: string): Record<string, unknown> {
  return parseStackFile(readFileSync(stackFilePath(stack), "utf8"), stack).config ?? {};
}

/** @throws {ToolError} that says where the text is not YAML; the first mistake, since what follows it is read wrongly. */
export function parseStackFile(text: string, stack: string): StackFile {
  const document = parseDocument(text, { prettyErrors: true });
  const [mistake] = document.errors;
  if (!mistake) return (document.toJS() as StackFile | null) ?? {};
  const [{ line, col }] = mistake.linePos ?? [{ line: 1, col: 1 }];
  const [what = ""] = mistake.message.split(" at line ");
  const mend = mistake.code === "TAB_AS_INDENT" ? "Put spaces in the tab's place" : "Correct the line";
  throw new ToolError(
    `stacks/Pulumi.${stack}.yaml:${line}:${col}: not YAML: ${what}. ${mend}, then check with: pulumi config --stack ${stack}`,
  );
}
