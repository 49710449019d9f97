import { createHash, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundlePrograms } from "./bundle.ts";
import { type LayerFile, layerOf } from "./layer.ts";
import { libraryFolder, nodeFiles, nonRootUser } from "./node.ts";
import { type PackedImage, packImages } from "./oci.ts";

/** An image of Node programs, in one or more releases. */
export interface NodeImage {
  /** Its repository's last part, and the archive's name. */
  name: string;
  /** Bundle → source, relative to the checkout; they lie in `/app/<bundle>.mjs`. */
  programs: Record<string, string>;
  /** The bundle that runs when no argument says otherwise. */
  command: string;
  /** Commands on the image's PATH: name → bundle. */
  commands?: Record<string, string>;
  releases: readonly { version: string; env?: Record<string, string> }[];
}

export interface BuiltImage extends PackedImage {
  /** The archive to import; every release is in the same one. */
  archive: string;
  version: string;
}

/**
 * Builds an image with no container tool and no registry: Node as the first layer, the bundled programs as the second. The same
 * inputs give the same digest, and nothing is written when `outDir` has that build already.
 * @returns one image a release, in their order.
 * @throws Error on anything but Linux.
 */
export async function buildNodeImage(image: NodeImage, outDir: string): Promise<BuiltImage[]> {
  const [base, app] = await Promise.all([nodeFiles(), appFiles(image)]);
  const key = keyOf(image, [...base, ...app]);
  const archive = path.join(path.resolve(outDir), `${image.name}-${key.slice(0, 12)}.tar`);
  const record = `${archive}.json`;
  const described = (packed: PackedImage[]): BuiltImage[] =>
    packed.map((one, index) => ({ ...one, archive, version: image.releases[index]?.version ?? "" }));

  const known = await readRecord(archive, record);
  if (known) return described(known);

  const layers = [await layerOf(base, { tmp: 0o1777 }), await layerOf(app)];
  const packed = await packImages(
    image.releases.map(({ version, env }) => ({
      repository: `localhost/${image.name}`,
      version,
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      user: `${nonRootUser}:${nonRootUser}`,
      env: { PATH: "/usr/local/bin", LD_LIBRARY_PATH: `/${libraryFolder}`, NODE_ENV: "production", ...env },
      entrypoint: ["/usr/local/bin/node"],
      command: [`/app/${image.command}.mjs`],
      workingDir: "/app",
      layers,
    })),
  );
  await mkdir(path.dirname(archive), { recursive: true });
  await writeWhole(archive, packed.archive);
  await writeWhole(record, JSON.stringify({ size: packed.archive.length, images: packed.images }));
  return described(packed.images);
}

async function appFiles({ name, programs, commands = {} }: NodeImage): Promise<LayerFile[]> {
  const folder = await mkdtemp(path.join(tmpdir(), `${name}-`));
  try {
    const files = await bundlePrograms(programs, folder);
    const bundles = files.map(async (file) => ({ path: `app/${file}`, content: await readFile(path.join(folder, file)) }));
    return [...(await Promise.all(bundles)), ...Object.entries(commands).map(commandFile)];
  } finally {
    await rm(folder, { recursive: true });
  }
}

function commandFile([name, bundle]: [string, string]): LayerFile {
  const script = `#!/usr/local/bin/node\nimport("/app/${bundle}.mjs");\n`;
  return { path: `usr/local/bin/${name}`, content: Buffer.from(script), mode: 0o755 };
}

/** Changes with every input of the image, this file's own decisions included. */
function keyOf({ command, releases }: NodeImage, files: LayerFile[]): string {
  const hash = createHash("sha256").update(JSON.stringify([command, releases, 1]));
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
