import { createHash } from "node:crypto";
import { createWriteStream, readFileSync, renameSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";

/** Writes the archive of a one-file image: the same bytes for the same program. */
export async function writePauseImage(program: string, reference: string, archive: string): Promise<void> {
  const layer = pack();
  add(layer, "pause", readFileSync(program), 0o755);
  layer.finalize();
  const layerBytes = await buffer(layer);
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === "x64" ? "amd64" : process.arch,
      os: "linux",
      config: { Entrypoint: ["/pause"] },
      rootfs: { type: "layers", diff_ids: [`sha256:${sha256(layerBytes)}`] },
    }),
  );
  const image = pack();
  add(image, "layer.tar", layerBytes);
  add(image, "config.json", config);
  add(image, "manifest.json", Buffer.from(JSON.stringify([{ Config: "config.json", RepoTags: [reference], Layers: ["layer.tar"] }])));
  image.finalize();
  const draft = `${archive}.${process.pid}`;
  await pipeline(image, createWriteStream(draft));
  renameSync(draft, archive);
}

function add(into: Pack, name: string, content: Buffer, mode = 0o644): void {
  into.entry({ name, mode, mtime: new Date(0) }, content);
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
