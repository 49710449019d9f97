import { join } from "node:path";
import { Interrupted } from "../errors.ts";
import { binDir, projectRoot } from "../paths.ts";
import { unpackDebianPackage } from "./debian-package.ts";
import { type Download, download } from "./download.ts";
import { findOnPath, type Wanted } from "./found.ts";
import { buildGo, buildInputs, type GoBuild, goUnavailable } from "./go.ts";
import { linkInPlace, putInPlace, workFolder } from "./install.ts";
import { type Part, PartError, type PartName } from "./part.ts";
import type { Runner } from "./process.ts";
import { hash, hashFiles, holds, readStamp, writeStamp } from "./stamp.ts";

export interface CommandPart {
  name: PartName;
  title: string;
  version: string;
  /** How long building takes on two cores. */
  usually: string;
  /** Bytes that building may take. */
  space: number;
  /** The commands, as the machine may have them already. Empty: the machine's are never used. */
  wanted: Wanted[];
  /** What must be there in the end; default the names in `wanted`. */
  files?: string[];
  /** Debian's package that has the commands. */
  debianPackage?: string;
  downloads: Download[];
  /** Left out where it is not built here. */
  build?: GoBuild;
  /** Where the commands go; default the cache's bin folder. */
  folder?: string;
  needs?: PartName[];
  after?: PartName[];
}

type Way = [how: string, source: string, make: (work: string, run: Runner) => Promise<string[]>];

/**
 * A part that is one or more commands: the machine's own, else in the cache, else unpacked from a package of Debian's, else downloaded,
 * else built from Go modules.
 */
export function commandPart(spec: CommandPart): Part {
  const folder = spec.folder ?? binDir;
  const expected = spec.files ?? spec.wanted.map((wanted) => wanted.name);
  const { wanted, debianPackage, downloads, build } = spec;
  const { packages, variables } = build ?? {};
  const fingerprint = (): string =>
    hash([spec.version, JSON.stringify({ expected, packages, variables }), hashFiles(projectRoot, build ? buildInputs(build) : [])]);

  const ways: Way[] = [["the machine's own", "found", async () => findAll(wanted, folder)]];
  const put = (how: string, source: string, make: (work: string, run: Runner) => Promise<string[]>): void => {
    ways.push([how, source, async (work, run) => putInPlace(await make(work, run), folder)]);
  };
  if (debianPackage) {
    put(`Debian's package ${debianPackage}`, "unpacked", (work, run) => unpackDebianPackage(debianPackage, wanted, work, run));
  }
  put("official download", "downloaded", (work, run) => downloadAll(downloads, work, run));
  if (build) put("build from Go modules", "built", (work, run) => buildAll(build, expected, work, run));

  return {
    name: spec.name,
    title: `${spec.title} ${spec.version}`,
    usually: spec.usually,
    space: spec.space,
    heavy: build !== undefined,
    needs: spec.needs,
    after: spec.after,
    urls: spec.downloads.map(({ url }) => url),
    present: () => holds(readStamp(spec.name), fingerprint()),
    async make(run) {
      const tried: string[] = [];
      for (const [how, source, make] of ways) {
        try {
          const files = await make(workFolder(spec.name), run);
          writeStamp(spec.name, { fingerprint: fingerprint(), source }, files);
          return source;
        } catch (error) {
          if (error instanceof Interrupted) throw error;
          tried.push(`${how}: ${(error as Error).message}`);
        }
      }
      throw new PartError(spec.name, `${spec.title} ${spec.version}`, tried, remedy(tried));
    },
  };
}

function findAll(wanted: Wanted[], folder: string): string[] {
  const found = wanted.map((command) => ({ ...command, file: findOnPath(command) }));
  const missing = found.filter(({ file }) => !file);
  if (wanted.length === 0) throw new Error("not used");
  if (missing.length > 0) throw new Error(`no ${missing.map(({ name, accepts }) => `${name} ${accepts}`).join(", ")} on PATH`);
  return found.map(({ name, file }) => linkInPlace(file as string, folder, name));
}

async function downloadAll(downloads: Download[], work: string, run: Runner): Promise<string[]> {
  if (downloads.length === 0) throw new Error("there is none");
  if (process.platform !== "linux" || process.arch !== "x64") throw new Error("only pinned for Linux on x64");
  const files: string[] = [];
  for (const item of downloads) files.push(...(await download(item, work, run)));
  return files;
}

async function buildAll(build: GoBuild, expected: string[], work: string, run: Runner): Promise<string[]> {
  const refusal = goUnavailable();
  if (refusal) throw new Error(refusal);
  await buildGo(build, work, run);
  return expected.map((name) => join(work, name));
}

function remedy(tried: string[]): string {
  const last = tried.at(-1) ?? "";
  if (/no `go`|too old/.test(last)) return "install Go 1.26 or newer (https://go.dev/doc/install) and run the same command again.";
  if (/no space left/i.test(last)) return "free some disk space and run the same command again; it resumes.";
  if (/dial tcp|lookup|timeout|connection|proxyconnect|403|502/i.test(last)) {
    return "check that this machine reaches the download hosts or a Go module proxy (`go env GOPROXY`), then run the same command again; it resumes.";
  }
  return "run the same command with --verbose to see the whole output.";
}
