import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { projectRoot } from "../../paths.ts";
import type { Part } from "../part.ts";

const link = join(projectRoot, "node_modules", ".bin", "rollback");
const command = join(projectRoot, "cli", "rollback.mjs");

/** npm links the commands of packages that it installs, not those of the project itself: without this `npx rollback` finds none. */
export const rollbackCommand: Part = {
  name: "rollback-command",
  title: "rollback command of this checkout",
  usually: "a moment",
  present: () => existsSync(link),
  async make() {
    rmSync(link, { force: true });
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(dirname(link), command), link);
    return "linked";
  },
};
