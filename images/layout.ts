import { createReadStream } from "node:fs";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";

export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

/** What an OCI image layout holds, by digest. */
export type Blobs = ReadonlyMap<string, Buffer>;

/** Reads an archive that `packImages` wrote. */
export async function readBlobs(archive: string): Promise<Blobs> {
  const blobs = new Map<string, Buffer>();
  for await (const entry of createReadStream(archive).pipe(extract())) {
    const [, digest] = /^blobs\/(.+)$/.exec(entry.header.name) ?? [];
    if (digest === undefined) entry.resume();
    else blobs.set(digest.replace("/", ":"), await buffer(entry));
  }
  return blobs;
}

/** What an image's manifest refers to: its config and layers. */
export function partsOf(blobs: Blobs, manifest: string): Descriptor[] {
  const { config, layers } = JSON.parse(String(blobs.get(manifest))) as { config: Descriptor; layers: Descriptor[] };
  return [config, ...layers];
}
