/** `npm run pr-preview`: what a pull request changes in each stack, and what rolling that back would do. */

import { writeFileSync } from "node:fs";
import { ToolError } from "../tools/errors.ts";
import { contextParts, ensure } from "../tools/setup/index.ts";
import { createProgress } from "../tools/setup/progress.ts";
import { type AffectedStack, affectedStacks, knownStacks } from "./affected.ts";
import { comment } from "./comment.ts";
import { changedFiles, forkedFrom } from "./git.ts";
import { type PreviewOptions, parseOptions } from "./options.ts";
import { isRefused, previewStack, type StackPreview } from "./stack.ts";

/** Returns 1 where a preview fails, a rule refuses or a level becomes impossible. */
export async function prPreviewCommand(argv: string[]): Promise<number> {
  const options = parseOptions(argv);
  const base = await forkedFrom(options.base);
  const touched = wanted(affectedStacks(await changedFiles(base), knownStacks()), options);
  if (options.list) {
    console.log(JSON.stringify(touched.map(({ stack }) => stack)));
    return 0;
  }
  if (touched.length > 0) await ensure(contextParts, createProgress({}));
  const previews: StackPreview[] = [];
  for (const affected of touched) {
    console.error(`… ${affected.stack}`);
    previews.push(await previewStack(affected, { base, offline: options.offline }));
  }
  const text = comment(previews);
  if (options.out === undefined) process.stdout.write(text);
  else writeFileSync(options.out, text);
  return previews.some(isRefused) ? 1 : 0;
}

function wanted(touched: AffectedStack[], { stacks }: PreviewOptions): AffectedStack[] {
  if (stacks.length === 0) return touched;
  const known = knownStacks().map(({ stack }) => stack);
  const unknown = stacks.find((stack) => !known.includes(stack));
  if (unknown !== undefined) throw new ToolError(`--stack ${unknown}: there is no such stack; there are ${known.join(", ")}`, 2);
  return touched.filter(({ stack }) => stacks.includes(stack));
}
