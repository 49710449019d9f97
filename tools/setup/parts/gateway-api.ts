import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { Interrupted } from "../../errors.ts";
import { cacheRoot } from "../../paths.ts";
import { versions } from "../../versions.ts";
import { download } from "../download.ts";
import { goUnavailable, moduleFolder } from "../go.ts";
import { putInPlace, workFolder } from "../install.ts";
import { type Part, PartError } from "../part.ts";
import type { Runner } from "../process.ts";
import { hash, holds, readStamp, writeStamp } from "../stamp.ts";

const { gatewayApi: version } = versions;
const name = "gateway-api";
const file = `${name}.yaml`;
const folder = join(cacheRoot, "manifests");
const repository = "kubernetes-sigs/gateway-api";
const release = {
  url: `https://github.com/${repository}/releases/download/v${version}/standard-install.yaml`,
  checksums: `https://api.github.com/repos/${repository}/releases/tags/v${version}`,
  as: file,
};

/** The Gateway API's kinds (standard channel), for `kubectl apply --server-side --filename`. */
export const gatewayApiManifest = join(folder, file);

/** The Gateway API's custom resource definitions: the official release, else the same files out of its Go module. */
export const gatewayApi: Part = {
  name,
  title: `Gateway API ${version}`,
  usually: "a few seconds",
  urls: [release.url],
  present: () => holds(readStamp(name), hash([version])),
  async make(run) {
    const ways = [
      ["official download", "downloaded", async (work: string) => download(release, work, run)],
      ["its Go module", "taken from its Go module", async (work: string) => [await fromModule(work, run)]],
    ] as const;
    const tried: string[] = [];
    for (const [how, source, make] of ways) {
      try {
        writeStamp(name, { fingerprint: hash([version]), source }, putInPlace(await make(workFolder(name)), folder));
        return source;
      } catch (error) {
        if (error instanceof Interrupted || run.signal.aborted) throw new Interrupted();
        tried.push(`${how}: ${(error as Error).message}`);
      }
    }
    const remedy = "check that this machine reaches github.com or, with Go 1.21 or newer, a Go module proxy (`go env GOPROXY`).";
    throw new PartError(name, `Gateway API ${version}`, tried, remedy);
  },
};

/** `go.sum` pins what Go downloads. */
async function fromModule(work: string, run: Runner): Promise<string> {
  const refusal = goUnavailable();
  if (refusal) throw new Error(refusal);
  const args = ["mod", "download", "-json", `sigs.k8s.io/gateway-api@v${version}`];
  const { stdout } = await execa("go", args, { cwd: moduleFolder(name), env: { GOWORK: "off" }, cancelSignal: run.signal });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  const standard = join(Dir, "config", "crd", "standard");
  const manifests = readdirSync(standard).filter((entry) => entry.endsWith(".yaml"));
  const target = join(work, file);
  writeFileSync(target, manifests.map((entry) => readFileSync(join(standard, entry), "utf8")).join("\n---\n"));
  return target;
}
