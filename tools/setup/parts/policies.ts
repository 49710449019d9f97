import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { projectRoot } from "../../paths.ts";
import { bundleFingerprint } from "../bundle.ts";
import type { Part } from "../part.ts";

const dist = join(projectRoot, "policies", "dist");
const stampFile = join(dist, "stamp.json");

/** What the bundle was made of. Beside it, since each checkout has a pack of its own. */
interface PackStamp {
  fingerprint: string;
  inputs: string[];
}

const guardsFolder = "components/guards";

/** Of the guards the pack has the words alone: they are asked in the program, and what they check with takes a fifth of the pack's start to load. */
const guardWords: Plugin = {
  name: "guard words",
  setup({ onLoad }) {
    onLoad({ filter: /components\/guards\/list\.ts$/ }, async () => {
      const { guards } = await import("../../../components/guards/list.ts");
      const words = guards.map(({ name, description, why, severity }) => ({ name, description, why, severity }));
      return { contents: `export const guards = ${JSON.stringify(words)};` };
    });
  },
};

/** Plain JavaScript: Pulumi would type-check a pack of TypeScript each time it starts one. */
export const policies: Part = {
  name: "policies",
  title: "policy pack of this checkout",
  usually: "a moment",
  needs: ["node", "pulumi"],
  after: ["node"],
  present() {
    try {
      const { fingerprint, inputs } = JSON.parse(readFileSync(stampFile, "utf8")) as PackStamp;
      return fingerprint === bundleFingerprint(inputs);
    } catch {
      return false;
    }
  },
  async make() {
    const inputs = await bundlePack();
    const stamp: PackStamp = { fingerprint: bundleFingerprint(inputs), inputs };
    writeFileSync(`${stampFile}.${process.pid}`, JSON.stringify(stamp));
    renameSync(`${stampFile}.${process.pid}`, stampFile);
    return "built";
  },
};

/** Returns its sources, relative to the project. Packages stay outside: the pack runs beside them. */
async function bundlePack(): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: ["policies/index.ts"],
    outfile: join(dist, "index.cjs"),
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node24",
    format: "cjs",
    metafile: true,
    logLevel: "silent",
    plugins: [guardWords],
  });
  const sources = Object.keys(metafile.inputs).map((file) => relative(projectRoot, resolve(projectRoot, file)));
  const guards = readdirSync(join(projectRoot, guardsFolder)).map((file) => join(guardsFolder, file));
  return [...new Set([...sources, ...guards, relative(projectRoot, import.meta.filename)])];
}
