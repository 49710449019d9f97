import { readdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { binDir, projectRoot } from "../../tools/paths.ts";

const workflows = readdirSync(join(projectRoot, ".github", "workflows"));

it.each(workflows)("actionlint finds nothing wrong with .github/workflows/%s", async (file) => {
  const { all, exitCode } = await execa(join(binDir, "actionlint"), ["-no-color", join(".github", "workflows", file)], {
    cwd: projectRoot,
    reject: false,
    all: true,
  });
  expect(all).toBe("");
  expect(exitCode).toBe(0);
});
