import { buffer } from "node:stream/consumers";
import { type Header, pack } from "tar-stream";

/** A file of a layer; the folders above it are added by {@link layerOf}. */
export interface LayerFile {
  /** Relative to the image's root, without a leading slash. */
  path: string;
  content: Buffer;
  /** Default 0o644. */
  mode?: number;
}

type EntryHeader = Partial<Header> & { name: string };

const epoch = new Date(0);

/** An uncompressed tar whose bytes depend on the files only: sorted, owned by root, dated 1970. */
export async function tarOf(files: LayerFile[], folders: ReadonlyMap<string, number> = new Map()): Promise<Buffer> {
  const tar = pack();
  const owned = { uid: 0, gid: 0, mtime: epoch };
  const entries: [EntryHeader, Buffer?][] = [
    ...[...folders].map(([name, mode]): [EntryHeader] => [{ ...owned, name: `${name}/`, type: "directory", mode }]),
    ...files.map(({ path, content, mode = 0o644 }): [EntryHeader, Buffer] => [
      { ...owned, name: path, mode, size: content.length },
      content,
    ]),
  ];
  entries.sort(([a], [b]) => (a.name < b.name ? -1 : 1));
  for (const [header, content] of entries) {
    if (content) tar.entry(header, content);
    else tar.entry(header);
  }
  tar.finalize();
  return buffer(tar);
}

/** One layer of an image: the files, every folder above them, and `extraFolders` (path to mode). */
export function layerOf(files: LayerFile[], extraFolders: Record<string, number> = {}): Promise<Buffer> {
  const folders = new Map(Object.entries(extraFolders));
  for (const { path } of files) {
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join("/");
      if (!folders.has(folder)) folders.set(folder, 0o755);
    }
  }
  return tarOf(files, folders);
}
