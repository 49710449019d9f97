import { createHash, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleDemo } from "./bundle.ts";
import { type LayerFile, layerOf } from "./image/layer.ts";
import { libraryFolder, nodeFiles, nonRootUser } from "./image/node.ts";
import { type PackedImage, packImages } from "./image/oci.ts";

/** The two releases of the demo. They differ in APP_VERSION only: enough to see which one answers. */
const releases = { current: "1.1.0", previous: "1.0.0" } as const;
const repository = "localhost/rollback-demo";

export interface DemoImage extends PackedImage {
  /** The archive to import; both releases are in the same one. */
  archive: string;
  version: string;
}

export interface DemoImages {
  current: DemoImage;
  previous: DemoImage;
}

/**
 * Builds the demo's image, with no container tool and no registry: Node as the first layer, `/app/service.mjs` and
 * `/app/providers.mjs` as the second. It runs the service; `args: ["/app/providers.mjs"]` runs the provider stand-in.
 * The same inputs give the same digest, and nothing is written when `outDir` has that build already.
 * @throws Error on anything but Linux.
 */
export async function buildDemoImage(outDir: string): Promise<DemoImage> {
  return (await buildDemoImages(outDir)).current;
}

/** {@link buildDemoImage}, and the release before it for rollbacks of the image. */
export async function buildDemoImages(outDir: string): Promise<DemoImages> {
  const [base, app] = await Promise.all([nodeFiles(), appFiles()]);
  const key = keyOf([...base, ...app]);
  const archive = path.join(path.resolve(outDir), `rollback-demo-${key.slice(0, 12)}.tar`);
  const record = `${archive}.json`;
  const described = (images: PackedImage[]): DemoImages => {
    const [current, previous] = images as [PackedImage, PackedImage];
    return {
      current: { ...current, archive, version: releases.current },
      previous: { ...previous, archive, version: releases.previous },
    };
  };

  const known = await readRecord(archive, record);
  if (known) return described(known);

  const layers = [await layerOf(base, { tmp: 0o1777 }), await layerOf(app)];
  const packed = await packImages(
    [releases.current, releases.previous].map((version) => ({
      repository,
      version,
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      user: `${nonRootUser}:${nonRootUser}`,
      env: { PATH: "/usr/local/bin", LD_LIBRARY_PATH: `/${libraryFolder}`, NODE_ENV: "production", APP_VERSION: version },
      entrypoint: ["/usr/local/bin/node"],
      command: ["/app/service.mjs"],
      workingDir: "/app",
      layers,
    })),
  );
  await mkdir(path.dirname(archive), { recursive: true });
  await writeWhole(archive, packed.archive);
  await writeWhole(record, JSON.stringify({ size: packed.archive.length, images: packed.images }));
  return described(packed.images);
}

async function appFiles(): Promise<LayerFile[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "rollback-demo-"));
  try {
    const files = await bundleDemo(folder);
    return await Promise.all(files.map(async (file) => ({ path: `app/${file}`, content: await readFile(path.join(folder, file)) })));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Changes with every input of the image, this file's own decisions included. */
function keyOf(files: LayerFile[]): string {
  const hash = createHash("sha256").update(JSON.stringify([releases, 1]));
  for (const { path: name, content } of files) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest("hex");
}

async function readRecord(archive: string, record: string): Promise<PackedImage[] | undefined> {
  try {
    const { size, images } = JSON.parse(await readFile(record, "utf8")) as { size: number; images: PackedImage[] };
    return (await stat(archive)).size === size ? images : undefined;
  } catch {
    return undefined;
  }
}

/** Never leaves half a file under the final name, also when two build at once. */
async function writeWhole(file: string, content: string | Buffer): Promise<void> {
  const partial = `${file}.${randomUUID()}`;
  await writeFile(partial, content);
  await rename(partial, file);
}
