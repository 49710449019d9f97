import { copyFileSync, linkSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheRoot } from "../../paths.ts";
import type { Part } from "../part.ts";

/** The Node that runs the plugins. A copy, because they must work when the checkout that made them is gone. */
export const cachedNode = join(cacheRoot, "node", process.versions.node, "bin", "node");

export const node: Part = {
  name: "node",
  title: `Node ${process.versions.node}`,
  usually: "a moment",
  present: () => statSync(cachedNode, { throwIfNoEntry: false })?.size === statSync(process.execPath).size,
  async make() {
    mkdirSync(dirname(cachedNode), { recursive: true });
    const draft = `${cachedNode}.${process.pid}`;
    rmSync(draft, { force: true });
    try {
      linkSync(process.execPath, draft);
    } catch {
      // another disk, or not ours to link
      copyFileSync(process.execPath, draft);
    }
    renameSync(draft, cachedNode);
    return "copied";
  },
};
