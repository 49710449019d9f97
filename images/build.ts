import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { archiveOnce } from "./archive.ts";
import { bundlePrograms } from "./bundle.ts";
import { type LayerFile, layerOf } from "./layer.ts";
import { libraryFolder, nodeFiles, nonRootUser } from "./node.ts";
import { architecture, type PackedImage, packImages } from "./oci.ts";

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
  const { archive, images } = await archiveOnce({ name: image.name, key, outDir }, async () => {
    const layers = [await layerOf(base, { tmp: 0o1777 }), await layerOf(app)];
    return packImages(
      image.releases.map(({ version, env }) => ({
        repository: `localhost/${image.name}`,
        version,
        architecture,
        user: `${nonRootUser}:${nonRootUser}`,
        env: { PATH: "/usr/local/bin", LD_LIBRARY_PATH: `/${libraryFolder}`, NODE_ENV: "production", ...env },
        entrypoint: ["/usr/local/bin/node"],
        command: [`/app/${image.command}.mjs`],
        workingDir: "/app",
        layers,
      })),
    );
  });
  return images.map((one, index) => ({ ...one, archive, version: image.releases[index]?.version ?? "" }));
}

async function appFiles({ programs, commands = {} }: NodeImage): Promise<LayerFile[]> {
  return [...(await bundleFiles(programs)), ...Object.entries(commands).map(commandFile)];
}

/** Programs (bundle → source, relative to the checkout) as they lie in an image: `/app/<bundle>.mjs`, and the chunks they share. */
export async function bundleFiles(programs: Record<string, string>): Promise<LayerFile[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "rollback-bundle-"));
  try {
    const files = await bundlePrograms(programs, folder);
    return await Promise.all(files.map(async (file) => ({ path: `app/${file}`, content: await readFile(path.join(folder, file)) })));
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
