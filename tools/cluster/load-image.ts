import { createReadStream, existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { extract } from "tar-stream";
import { layoutOf } from "./layout.ts";
import { containerdSocket } from "./node-components.ts";
import { isRunning, readRecord } from "./record.ts";
import { snapshotterFor } from "./requirements.ts";
import { type Cluster, ClusterError } from "./types.ts";

/**
 * Puts the images of a Docker or OCI archive on the node, so that `imagePullPolicy: IfNotPresent` finds each under its name and
 * under `name@sha256:…`. Images that are already there are left alone. On a simulated cluster, which runs nothing, it does nothing.
 * Throws a ClusterError for an archive that names no image, and for a person's own cluster, which takes images from a registry only.
 */
export async function loadImage(cluster: Cluster, archive: string): Promise<void> {
  if (cluster.kind === "simulated") return;
  if (cluster.kind === "context") {
    throw new ClusterError(
      `images cannot be loaded into "${cluster.context}" from a file.\n  Push ${archive} to a registry that its nodes reach, and name the image by that registry`,
    );
  }
  const names = await imageNames(archive);
  if (names.length === 0) throw new ClusterError(`${archive} names no image: its index.json or manifest.json was expected to`);
  const ctr = containerdOf(cluster);
  const present = await listImages(ctr);
  if (names.every((name) => present.has(name) && (name.includes("@") || present.has(byDigest(name, present))))) return;
  await ctr(["images", "import", "-"], archive);
  const imported = await listImages(ctr);
  for (const name of names.filter((each) => !each.includes("@"))) {
    const other = byDigest(name, imported);
    if (!imported.has(other)) await ctr(["images", "tag", name, other]);
  }
}

type Ctr = (args: string[], inputFile?: string) => Promise<string>;

/** Runs containerd's client inside the cluster's namespaces. */
function containerdOf(cluster: Cluster): Ctr {
  const layout = layoutOf(cluster.name);
  const record = readRecord(layout);
  if (!record?.inner || !isRunning(record)) {
    throw new ClusterError(`the cluster "${cluster.name}" does not run.\n  Start it: npm run cluster -- start --name ${cluster.name}`);
  }
  const enter = ["--target", String(record.inner.pid), "--mount", "--net", "--pid", "--"];
  return async (args, inputFile) => {
    const { stdout } = await execa("nsenter", [...enter, "ctr", "--address", containerdSocket, "--namespace", "k8s.io", ...args], {
      env: { CONTAINERD_SNAPSHOTTER: snapshotterFor(layout.dir) },
      ...(inputFile === undefined ? { stdin: "ignore" } : { inputFile }),
    });
    return stdout;
  };
}

/** Digest by image name. */
async function listImages(ctr: Ctr): Promise<Map<string, string>> {
  const [, ...lines] = (await ctr(["images", "list"])).split("\n");
  return new Map(lines.map((line) => line.split(/\s+/)).flatMap(([name, , digest]) => (name && digest ? [[name, digest]] : [])));
}

function byDigest(name: string, digests: Map<string, string>): string {
  return `${name.replace(/:[^:/]*$/, "")}@${digests.get(name)}`;
}

/** The names an archive gives its images, from an OCI layout's index.json or else from Docker's manifest.json. */
export async function imageNames(archive: string): Promise<string[]> {
  if (!existsSync(archive)) throw new ClusterError(`there is no image archive at ${archive}`);
  const found = new Map<string, string[]>();
  const entries = createReadStream(archive).pipe(extract());
  try {
    for await (const entry of entries) {
      const { name } = entry.header;
      if (name !== "index.json" && name !== "manifest.json") {
        entry.resume();
        continue;
      }
      const content = JSON.parse(await text(entry));
      found.set(name, name === "index.json" ? namesInIndex(content) : namesInManifest(content));
    }
  } catch (error) {
    throw new ClusterError(`${archive} is not a Docker or OCI archive: ${(error as Error).message}`);
  }
  return found.get("index.json") ?? found.get("manifest.json") ?? [];
}

function namesInIndex(index: { manifests?: { annotations?: Record<string, string> }[] }): string[] {
  return (index.manifests ?? []).flatMap(({ annotations }) => annotations?.["io.containerd.image.name"] ?? []);
}

function namesInManifest(images: { RepoTags?: string[] }[]): string[] {
  return images.flatMap(({ RepoTags }) => RepoTags ?? []);
}
