import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { archiveOnce } from "./archive.ts";
import { layerOf } from "./layer.ts";
import { nonRootUser } from "./node.ts";
import { architecture, packImages } from "./oci.ts";

/** An image that holds one statically linked command and nothing else. Its reference, and the archive to import. */
export async function buildCommandImage(
  { file, version }: { file: string; version: string },
  outDir: string,
): Promise<{ archive: string; reference: string }> {
  const command = path.basename(file);
  const content = await readFile(file);
  const key = createHash("sha256").update(version).update(content).digest("hex");
  const { archive, images } = await archiveOnce({ name: `rollback-${command}`, key, outDir }, async () =>
    packImages([
      {
        repository: `localhost/rollback-${command}`,
        version,
        architecture,
        user: `${nonRootUser}:${nonRootUser}`,
        env: {},
        entrypoint: [`/${command}`],
        command: [],
        workingDir: "/",
        layers: [await layerOf([{ path: command, content, mode: 0o755 }])],
      },
    ]),
  );
  return { archive, reference: images[0]?.reference ?? "" };
}
