import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pulumiEnvironment } from "../../environment.ts";
import { Interrupted } from "../../errors.ts";
import { cacheRoot, projectRoot, pulumiBinDir, pulumiHome } from "../../paths.ts";
import { versions } from "../../versions.ts";
import { bundle, bundleFingerprint, writeLauncher } from "../bundle.ts";
import { getText } from "../http.ts";
import { putInPlace, workFolder } from "../install.ts";
import type { Part } from "../part.ts";
import { type Runner, runTool } from "../process.ts";
import { hash, holds, readStamp, writeStamp } from "../stamp.ts";

const { kubernetesProvider: version } = versions;
const folder = join(pulumiHome, "plugins", `resource-kubernetes-v${version}`);
const command = "pulumi-resource-kubernetes";
const script = "kubernetes-provider.mjs";
const scripts = join(cacheRoot, "plugins");
const releases = "https://api.pulumi.com";

/** The official provider where Pulumi's own installer can get it, else the project's. */
export const kubernetesProvider: Part = {
  name: "kubernetes-provider",
  title: `Pulumi provider for Kubernetes ${version}`,
  usually: "a moment",
  needs: ["node", "pulumi"],
  after: ["node", "pulumi"],
  urls: [releases],
  present() {
    const stamp = readStamp("kubernetes-provider");
    return holds(stamp, stamp?.inputs ? ownFingerprint(stamp.inputs) : officialFingerprint);
  },
  async make(run) {
    try {
      return await installOfficial(run);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      run.report((error as Error).message.split("\n")[0] ?? "");
      return await bundleOwn();
    }
  },
};

const officialFingerprint = hash([version]);
const ownFingerprint = (inputs: string[]): string => hash([version, bundleFingerprint(inputs)]);

async function installOfficial(run: Runner): Promise<string> {
  await getText(`${releases}/api/cli/version`, run.signal);
  // Its own home, so that what is there stays until the new one is complete.
  const work = workFolder("kubernetes-provider");
  await runTool(join(pulumiBinDir, "pulumi"), ["plugin", "install", "resource", "kubernetes", version, "--exact"], run, {
    env: { ...pulumiEnvironment(), PULUMI_HOME: work },
  });
  const installed = join(work, "plugins", `resource-kubernetes-v${version}`);
  const files = putInPlace(
    readdirSync(installed).map((name) => join(installed, name)),
    folder,
  );
  writeStamp("kubernetes-provider", { fingerprint: officialFingerprint, source: "downloaded" }, files);
  return "downloaded";
}

async function bundleOwn(): Promise<string> {
  const work = workFolder("kubernetes-provider");
  const inputs = await bundle(join(projectRoot, "tools/kubernetes-provider/main.ts"), join(work, script));
  writeLauncher(join(work, command), join(scripts, script));
  const files = [...putInPlace([join(work, script)], scripts), ...putInPlace([join(work, command)], folder)];
  writeStamp("kubernetes-provider", { fingerprint: ownFingerprint(inputs), source: "built", inputs }, files);
  return "the project's own";
}
