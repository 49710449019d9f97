import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { execa } from "execa";
import type { LayerFile } from "./layer.ts";

/** Where the image has its shared libraries, whatever the distribution they came from. */
export const libraryFolder = "usr/lib/node";
export const nonRootUser = "65532";

/** Loaded by name when a host name is first resolved, so ldd does not list them; part of libc itself since glibc 2.34. */
const resolverLibraries = ["libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2"];

const users = `root:x:0:0:root:/:/sbin/nologin\nnonroot:x:${nonRootUser}:${nonRootUser}:nonroot:/tmp:/sbin/nologin\n`;
const groups = `root:x:0:\nnonroot:x:${nonRootUser}:\n`;

/** Who there is in an image, and where names are looked up. */
export const accountFiles: readonly LayerFile[] = [
  { path: "etc/passwd", content: Buffer.from(users) },
  { path: "etc/group", content: Buffer.from(groups) },
  { path: "etc/nsswitch.conf", content: Buffer.from("hosts: files dns\n") },
];

/**
 * The files that Node needs to run with nothing else around it: the project's pinned Node, this machine's C and C++ runtime
 * libraries, and the accounts.
 * @throws Error where the machine is not Linux or lacks one of the parts.
 */
export async function nodeFiles(): Promise<LayerFile[]> {
  const binary = nodeBinary();
  const { interpreter, libraries } = await linkedFiles(binary);
  return [
    { path: "usr/local/bin/node", content: await readFile(binary), mode: 0o755 },
    { path: interpreter.slice(1), content: await readFile(interpreter), mode: 0o755 },
    ...(await Promise.all(
      libraries.map(async (file) => ({ path: `${libraryFolder}/${path.basename(file)}`, content: await readFile(file), mode: 0o755 })),
    )),
    ...accountFiles,
  ];
}

function nodeBinary(): string {
  const name = `node-linux-${process.arch}`;
  if (process.platform !== "linux") {
    throw new Error(`image: it is assembled from this machine's libraries, so it can be built on Linux only, not on ${process.platform}`);
  }
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), "bin/node");
  } catch {
    throw new Error(`image: the npm package ${name} with its Node is not installed; run \`npm ci\``);
  }
}

async function linkedFiles(binary: string): Promise<{ interpreter: string; libraries: string[] }> {
  const { stdout } = await execa("ldd", [binary]);
  const missing = stdout.split("\n").filter((line) => line.includes("not found"));
  const libraries = [...stdout.matchAll(/=> (\/\S+) \(/g)].map(([, file]) => file ?? "");
  const interpreter = /^\s*(\/\S+) \(/m.exec(stdout)?.[1];
  if (missing.length > 0 || interpreter === undefined) {
    throw new Error(`image: Node cannot run on this machine, so its libraries cannot be taken from it; ldd ${binary} says:\n${stdout}`);
  }
  const folder = path.dirname(libraries.find((file) => path.basename(file) === "libc.so.6") ?? interpreter);
  const resolvers = resolverLibraries.map((name) => path.join(folder, name)).filter(existsSync);
  return { interpreter, libraries: [...libraries, ...resolvers] };
}
