import { statfsSync } from "node:fs";
import type { Server } from "./server.ts";

/** Bytes. */
export interface Room {
  free: number;
  /** What the database takes: a dump is compressed, so that it needs less, but how much less, nobody knows before. */
  needed: number;
}

/** The room of a folder's disk for a backup. The server's own disk, which a restore takes as much of, cannot be asked for. */
export async function roomFor(server: Server, folder: string): Promise<Room> {
  const needed = await server.session(server.database, async (client) => {
    const { rows } = await client.query<{ size: string }>("SELECT pg_database_size(current_database()) AS size");
    return Number(rows[0]?.size);
  });
  // Of a bucket, which has no end, Cloud Storage FUSE says a pebibyte.
  const { bavail, bsize } = statfsSync(folder);
  return { free: bavail * bsize, needed };
}

/** What is wrong with it; nothing where it is enough. */
export function shortage({ free, needed }: Room, server: Server, folder: string): string[] {
  if (free >= needed) return [];
  const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  return [`${folder} has ${mebibytes(free)} free; a backup of ${server.database} may take ${mebibytes(needed)}; make room there`];
}
