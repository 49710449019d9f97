import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Interrupted } from "../errors.ts";
import { isOnPath, serves, type Wanted } from "./found.ts";
import { type Runner, runTool } from "./process.ts";

/**
 * Takes commands out of a package of Debian's without installing it, so that it needs no root, starts no service and changes nothing of
 * the machine. apt checks the package's signature. Returns the commands, in `folder`.
 */
export async function unpackDebianPackage(name: string, wanted: Wanted[], folder: string, run: Runner): Promise<string[]> {
  if (!isOnPath("apt-get") || !isOnPath("dpkg-deb")) throw new Error("not a Debian-like system");
  await fetchPackage(name, folder, run);
  const file = readdirSync(folder).find((entry) => entry.endsWith(".deb"));
  if (!file) throw new Error(`apt-get download ${name} left no package`);
  await runTool("dpkg-deb", ["--extract", file, "."], run, { cwd: folder });
  return wanted.map((command) => {
    const unpacked = join(folder, "usr", "bin", command.name);
    if (!serves(unpacked, command)) throw new Error(`${file} has no ${command.name} ${command.accepts}`);
    return unpacked;
  });
}

/** The machine's package lists may be missing or old; only root may fetch new ones. */
async function fetchPackage(name: string, folder: string, run: Runner): Promise<void> {
  const download = (): Promise<void> => runTool("apt-get", ["--quiet", "download", name], run, { cwd: folder });
  try {
    await download();
  } catch (error) {
    if (error instanceof Interrupted || process.getuid?.() !== 0) throw error;
    await runTool("apt-get", ["--quiet", "update"], run);
    await download();
  }
}
