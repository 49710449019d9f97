/** What the working tree changes, by git. */

import { execa } from "execa";
import { ToolError } from "../tools/errors.ts";
import { projectRoot } from "../tools/paths.ts";

const git = (args: string[]) => execa("git", args, { cwd: projectRoot, reject: false });

/**
 * The commit where the working tree left `ref`: what a pull request's changes are counted from.
 * @throws {ToolError} where git does not know it.
 */
export async function forkedFrom(ref: string): Promise<string> {
  const { stdout, stderr, exitCode } = await git(["merge-base", ref, "HEAD"]);
  if (exitCode === 0) return stdout.trim();
  const reason = stderr.trim() || "it has no commit in common with HEAD";
  throw new ToolError(
    `--base ${ref}: ${reason}\n  A clone that has only the last commit gets the rest with: git fetch --unshallow origin; another branch with: git fetch origin <branch>`,
    2,
  );
}

/** Paths of everything that differs from `commit`, whether or not it is committed. */
export async function changedFiles(commit: string): Promise<string[]> {
  const differing = await git(["diff", "--name-only", "--no-renames", "-z", commit]);
  const added = await git(["ls-files", "--others", "--exclude-standard", "-z"]);
  return [differing, added].flatMap(({ stdout }) => stdout.split("\0").filter((file) => file !== "")).sort();
}

/** A file's text in a commit; undefined where it is not there. */
export async function textIn(commit: string, file: string): Promise<string | undefined> {
  const { stdout, exitCode } = await git(["show", `${commit}:${file}`]);
  return exitCode === 0 ? stdout : undefined;
}
