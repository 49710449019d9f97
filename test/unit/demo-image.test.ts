import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDemoImages } from "../../demo/image.ts";
import { standInManifests } from "../../demo/manifests.ts";
import { layerOf } from "../../images/layer.ts";
import { type ImageSpec, packImages } from "../../images/oci.ts";

const sha256 = (content: Buffer) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

interface Entry {
  name: string;
  mode: number | undefined;
  owner: string;
  mtime: number | undefined;
  content: Buffer;
}

async function entriesOf(tar: Buffer): Promise<Entry[]> {
  const entries: Entry[] = [];
  const reader = extract();
  reader.end(tar);
  for await (const entry of reader) {
    const { name, mode, uid, gid, mtime } = entry.header;
    entries.push({ name, mode, owner: `${uid}:${gid}`, mtime: mtime?.getTime(), content: await buffer(entry) });
  }
  return entries;
}

const spec = (version: string, layers: Buffer[]): ImageSpec => ({
  repository: "localhost/test",
  version,
  architecture: "amd64",
  user: "65532:65532",
  env: { APP_VERSION: version },
  entrypoint: ["/bin/app"],
  command: [],
  workingDir: "/",
  layers,
});

describe("a layer", () => {
  it("has its files, every folder above them, root as the owner and no time, sorted", async () => {
    const files = [
      { path: "usr/bin/app", content: Buffer.from("app"), mode: 0o755 },
      { path: "etc/passwd", content: Buffer.from("root") },
    ];
    const entries = await entriesOf(await layerOf(files, { tmp: 0o1777 }));
    expect(entries.map(({ name, mode, content }) => [name, mode?.toString(8), content.toString()])).toEqual([
      ["etc/", "755", ""],
      ["etc/passwd", "644", "root"],
      ["tmp/", "1777", ""],
      ["usr/", "755", ""],
      ["usr/bin/", "755", ""],
      ["usr/bin/app", "755", "app"],
    ]);
    expect(new Set(entries.map(({ owner, mtime }) => `${owner} ${mtime}`))).toEqual(new Set(["0:0 0"]));
    expect(await layerOf(files.toReversed(), { tmp: 0o1777 })).toEqual(await layerOf(files, { tmp: 0o1777 }));
  });
});

describe("an image archive", () => {
  it("names each image by the digest of its manifest and holds every blob once, under its own digest", async () => {
    const layer = await layerOf([{ path: "bin/app", content: Buffer.from("app") }]);
    const { archive, images } = await packImages([spec("2", [layer]), spec("1", [layer])]);
    const files = new Map((await entriesOf(archive)).map(({ name, content }) => [name, content]));
    const blobs = [...files].filter(([name]) => name.startsWith("blobs/"));
    for (const [name, content] of blobs) expect(name).toBe(`blobs/${sha256(content).replace(":", "/")}`);
    expect(blobs).toHaveLength(1 + 2 + 2);

    const index = JSON.parse(String(files.get("index.json"))) as { manifests: { digest: string; annotations: Record<string, string> }[] };
    expect(index.manifests.map(({ digest, annotations }) => [digest, annotations["io.containerd.image.name"]])).toEqual(
      images.map(({ digest }) => [digest, `localhost/test@${digest}`]),
    );
    const read = (digest: string) => JSON.parse(String(files.get(`blobs/${digest.replace(":", "/")}`)));
    const configs = images.map(({ digest }) => read(read(digest).config.digest));
    expect(configs.map(({ config, rootfs }) => [config.User, config.Env, rootfs.diff_ids])).toEqual([
      ["65532:65532", ["APP_VERSION=2"], [sha256(layer)]],
      ["65532:65532", ["APP_VERSION=1"], [sha256(layer)]],
    ]);
  });
});

describe.skipIf(process.platform !== "linux")("the demo's image", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "demo-image-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("writes nothing when it is there, and gives the same bytes when it is built again", async () => {
    const first = await buildDemoImages(folder);
    const { archive, digest, reference } = first.current;
    expect(reference).toBe(`localhost/rollback-demo@${digest}`);
    expect(first.previous).toMatchObject({ archive, version: "1.0.0" });
    expect(first.previous.digest).not.toBe(digest);

    const { mtimeMs } = await stat(archive);
    expect(await buildDemoImages(folder)).toEqual(first);
    expect((await stat(archive)).mtimeMs).toBe(mtimeMs);

    const bytes = sha256(await readFile(archive));
    await writeFile(archive, "half of it, left by a full disk");
    expect(await buildDemoImages(folder)).toEqual(first);
    expect(sha256(await readFile(archive))).toBe(bytes);
  }, 60_000);
});

describe("the stand-in's objects", () => {
  it("are one pod that runs as nobody on a read-only root, behind port 80", () => {
    const [deployment, service] = standInManifests("drill", "localhost/rollback-demo@sha256:1");
    const { containers, securityContext } = deployment.spec.template.spec;
    expect(deployment.spec.replicas).toBe(1);
    expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532 });
    expect(containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(service.metadata).toMatchObject({ name: "ai-providers", namespace: "drill" });
    expect(service.spec).toEqual({ selector: { app: "ai-providers" }, ports: [{ port: 80, targetPort: 8090 }] });
  });
});
