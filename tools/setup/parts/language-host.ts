import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot, projectRoot, pulumiBinDir } from "../../paths.ts";
import { versions } from "../../versions.ts";
import { bundle, bundleFingerprint, writeLauncher } from "../bundle.ts";
import { putInPlace, workFolder } from "../install.ts";
import type { Part } from "../part.ts";
import { holds, readStamp, writeStamp } from "../stamp.ts";

const command = "pulumi-language-nodejs";
const script = "language-host.mjs";
const scripts = join(cacheRoot, "plugins");

/** Part of the official CLI. A CLI that was built here gets the project's own, which the engine finds beside its binary. */
export const languageHost: Part = {
  name: "language-host",
  title: `Pulumi language host for Node.js ${versions.pulumi}`,
  usually: "a moment",
  needs: ["node", "pulumi"],
  after: ["node", "pulumi"],
  present() {
    if (officialPulumi()) return true;
    const stamp = readStamp("language-host");
    return holds(stamp, bundleFingerprint(stamp?.inputs ?? []));
  },
  async make() {
    if (officialPulumi()) return "part of the CLI";
    const work = workFolder("language-host");
    const inputs = await bundle("tools/language-host/main.ts", join(work, script));
    const dynamicProvider = "pulumi-resource-pulumi-nodejs";
    copyFileSync(join(projectRoot, "node_modules", "@pulumi", "pulumi", dynamicProvider), join(work, dynamicProvider));
    writeLauncher(join(work, command), join(scripts, script));
    const files = [
      ...putInPlace([join(work, script)], scripts),
      ...putInPlace([join(work, dynamicProvider), join(work, command)], pulumiBinDir),
    ];
    writeStamp("language-host", { fingerprint: bundleFingerprint(inputs), source: "built", inputs }, files);
    return "built";
  },
};

function officialPulumi(): boolean {
  const source = readStamp("pulumi")?.source;
  return source === "found" || source === "downloaded";
}
