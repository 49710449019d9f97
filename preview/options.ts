/** What was typed after `npm run pr-preview --`. */

import { parseArgs } from "node:util";
import { ToolError } from "../tools/errors.ts";

export interface PreviewOptions {
  /** What the working tree is compared with: a branch, a tag or a commit. */
  base: string;
  /** Only these of the stacks that the change touches; empty: all of them. */
  stacks: string[];
  /** File that the comment goes to; default standard output. */
  out: string | undefined;
  /** Print the stacks as a JSON list, for a job's matrix, and preview nothing. */
  list: boolean;
  /** Read no stack's state: for runs without credentials. */
  offline: boolean;
}

const usage = `npm run pr-preview -- [--base REF] [--stack STACK]… [--out FILE] [--offline] [--list]

  --base     what the working tree is compared with (default main)
  --stack    only this stack, where the change touches it; may be given several times
  --out      the file that the comment is written to (default standard output)
  --offline  read no stack's state: only levers, and each level from the proposed ones
  --list     print the stacks that the change touches as JSON, and preview nothing`;

/** @throws {ToolError} with the usage, exit code 2. */
export function parseOptions(argv: readonly string[]): PreviewOptions {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        base: { type: "string", default: "main" },
        stack: { type: "string", multiple: true, default: [] },
        out: { type: "string" },
        list: { type: "boolean", default: false },
        offline: { type: "boolean", default: false },
      },
    });
    const { base, stack, out, list, offline } = values;
    return { base, stacks: stack, out, list, offline };
  } catch (error) {
    throw new ToolError(`${(error as Error).message}\n\n${usage}`, 2);
  }
}
