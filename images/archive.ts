import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { PackedImage } from "./oci.ts";

/** Images in one archive on disk. */
export interface ImageArchive {
  /** The archive to import. */
  archive: string;
  images: PackedImage[];
}

/** The archive of that name and key in `outDir`; packed only where it is not there yet. */
export async function archiveOnce(
  { name, key, outDir }: { name: string; key: string; outDir: string },
  pack: () => Promise<{ archive: Buffer; images: PackedImage[] }>,
): Promise<ImageArchive> {
  const archive = path.join(path.resolve(outDir), `${name}-${key.slice(0, 12)}.tar`);
  const record = `${archive}.json`;
  const known = await readRecord(archive, record);
  if (known) return { archive, images: known };
  const packed = await pack();
  await mkdir(path.dirname(archive), { recursive: true });
  await writeWhole(archive, packed.archive);
  await writeWhole(record, JSON.stringify({ size: packed.archive.length, images: packed.images }));
  return { archive, images: packed.images };
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
