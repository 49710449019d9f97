/** What of Debian's packages goes into the images of the stores. */

import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import type { LayerFile } from "../../images/layer.ts";
import { libraryFolder } from "../../images/node.ts";
import { postgresqlFolder, storesDir } from "../../tools/setup/parts/stores.ts";

const loaders = { x64: "lib64/ld-linux-x86-64.so.2", arm64: "lib/ld-linux-aarch64.so.1" } as const;
const triplets = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" } as const;
const arch = process.arch === "arm64" ? "arm64" : "x64";
const libraries = `usr/lib/${triplets[arch]}`;
const loader = `${libraries}/${basename(loaders[arch])}`;

const programs = ["postgres", "initdb", "pg_ctl", "pg_isready", "pg_dump", "pg_restore", "psql"];

/** Modules of PostgreSQL that need what is not in the image. */
const unusedModules = /llvmjit|sepgsql/;

/** PostgreSQL with its programs, modules, time zones and libraries, where it looks for them itself. */
export async function postgresqlFiles(): Promise<LayerFile[]> {
  const folder = postgresqlFolder();
  const modules = readdirSync(join(storesDir, folder, "lib")).filter((file) => file.endsWith(".so") && !unusedModules.test(file));
  const linked = [...programs.map((file) => `${folder}/bin/${file}`), ...modules.map((file) => `${folder}/lib/${file}`)];
  return [
    ...linked.map((path) => fileAt(path, 0o755)),
    ...folderAt(`usr/share/postgresql/${basename(folder)}`, /\/man\//),
    ...folderAt("usr/share/zoneinfo", /\/(right|posix)\//),
    { ...fileAt("usr/bin/dash", 0o755), path: "bin/sh" },
    ...(await librariesOf([...linked, "usr/bin/dash"])),
  ];
}

/** Redis with its libraries. */
export async function redisFiles(): Promise<LayerFile[]> {
  const linked = ["usr/bin/redis-server", "usr/bin/redis-cli"];
  return [...linked.map((path) => fileAt(path, 0o755)), ...(await librariesOf(linked))];
}

/** The loader, and every library that it would load for one of the files. */
async function librariesOf(files: readonly string[]): Promise<LayerFile[]> {
  const found = new Set<string>();
  for (const file of files) {
    const { stdout } = await execa(join(storesDir, loader), [
      "--list",
      "--library-path",
      join(storesDir, libraries),
      join(storesDir, file),
    ]);
    for (const [, library = ""] of stdout.matchAll(/=> (\S+)/g)) {
      if (!library.startsWith(storesDir))
        throw new Error(`image: ${file} needs ${basename(library)}, which the set-up part "stores" lacks`);
      found.add(basename(library));
    }
  }
  return [
    { ...fileAt(loader, 0o755), path: loaders[arch] },
    ...[...found].sort().map((name) => ({ ...fileAt(`${libraries}/${name}`, 0o755), path: `${libraryFolder}/${name}` })),
  ];
}

function folderAt(folder: string, unused: RegExp): LayerFile[] {
  return readdirSync(join(storesDir, folder), { recursive: true, encoding: "utf8" })
    .map((entry) => `${folder}/${entry}`)
    .filter((path) => !unused.test(path) && existsSync(join(storesDir, path)) && !isFolder(path))
    .map((path) => fileAt(path));
}

const isFolder = (path: string): boolean => lstatSync(join(storesDir, path)).isDirectory();

function fileAt(path: string, mode?: number): LayerFile {
  return { path, content: readFileSync(join(storesDir, path)), ...(mode !== undefined && { mode }) };
}
