import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { Interrupted } from "../../errors.ts";
import { cacheRoot } from "../../paths.ts";
import { isOnPath } from "../found.ts";
import { workFolder } from "../install.ts";
import { type Part, PartError } from "../part.ts";
import { type Runner, runTool } from "../process.ts";
import { hash, holds, readStamp, writeStamp } from "../stamp.ts";

const name = "stores";
const packages = ["postgresql", "redis-server", "tzdata", "dash"];
const kept = /^(lib|zlib|postgresql|redis|tzdata|dash)/;
/** What is loaded for compiled queries and for procedures in Perl, neither of which is used here, is half of everything. */
const leftOut = /llvm|^libz3|perl/;

/** PostgreSQL, Redis, a shell and all the libraries they are linked with, as they lie below `/` in Debian. */
export const storesDir = join(cacheRoot, "stores");

/** Where Debian puts the programs of its one version of PostgreSQL, relative to {@link storesDir}. */
export function postgresqlFolder(): string {
  const [version] = readdirSync(join(storesDir, "usr/lib/postgresql"));
  return `usr/lib/postgresql/${version}`;
}

/**
 * The stores that drills lose and bring back, out of Debian's packages: nothing is installed, no service is started. apt checks the
 * packages' signatures.
 */
export const stores: Part = {
  name,
  title: "PostgreSQL and Redis",
  usually: "about 20 s",
  space: 4e8,
  present: () => holds(readStamp(name), fingerprint()),
  async make(run) {
    try {
      if (!isOnPath("apt-get") || !isOnPath("dpkg-deb")) throw new Error("not a Debian-like system");
      const tree = await unpack(run);
      rmSync(storesDir, { recursive: true, force: true });
      renameSync(tree, storesDir);
    } catch (error) {
      if (error instanceof Interrupted || run.signal.aborted) throw new Interrupted();
      const remedy = "run it on Debian or Ubuntu with package lists (`apt-get update`); drills without a database do not need it.";
      throw new PartError(name, "PostgreSQL and Redis", [`Debian's packages: ${(error as Error).message}`], remedy);
    }
    const programs = [
      ...["postgres", "pg_dump", "psql"].map((program) => join(postgresqlFolder(), "bin", program)),
      "usr/bin/redis-server",
    ];
    writeStamp(
      name,
      { fingerprint: fingerprint(), source: "unpacked" },
      programs.map((program) => join(storesDir, program)),
    );
    return "unpacked";
  },
};

const fingerprint = (): string => hash([...packages, String(kept), String(leftOut)]);

async function unpack(run: Runner): Promise<string> {
  const work = workFolder(name);
  const [archives, tree] = [join(work, "archives"), join(work, "tree")];
  mkdirSync(archives);
  await fetch(archives, run);
  for (const file of readdirSync(archives)) await runTool("dpkg-deb", ["--extract", join(archives, file), tree], run);
  // Debian has moved everything from /lib to /usr/lib; its packages have not.
  for (const folder of ["lib", "bin", "lib64"]) {
    if (!existsSync(join(tree, folder))) continue;
    cpSync(join(tree, folder), join(tree, "usr", folder), { recursive: true, verbatimSymlinks: true });
    rmSync(join(tree, folder), { recursive: true });
  }
  return tree;
}

/** The machine's package lists may be missing or old; only root may fetch new ones. */
async function fetch(folder: string, run: Runner): Promise<void> {
  const download = async () => runTool("apt-get", ["--quiet", "download", ...(await closure(run))], run, { cwd: folder });
  try {
    await download();
  } catch (error) {
    if (error instanceof Interrupted || process.getuid?.() !== 0) throw error;
    await runTool("apt-get", ["--quiet", "update"], run);
    await download();
  }
}

/** What apt would install for the packages on a system that has nothing yet. */
async function closure(run: Runner): Promise<string[]> {
  const onNothing = ["--simulate", "--no-install-recommends", "--option", "Dir::State::status=/dev/null"];
  const { stdout } = await execa("apt-get", [...onNothing, "install", ...packages], { cancelSignal: run.signal });
  return [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, found]) => found ?? "").filter((found) => kept.test(found) && !leftOut.test(found));
}
