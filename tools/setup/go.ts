import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../paths.ts";
import { type Runner, runTool } from "./process.ts";

/** One `go build` in a module under tools/go. */
export interface GoBuild {
  /** Folder under tools/go. */
  module: string;
  /** Import paths (or ./folders) of the commands. */
  packages: string[];
  /** File name of the command, where it is not the last element of its import path. */
  output?: string;
  /** Go variables to set, `import/path.Name` → value; how the commands learn their version. */
  variables?: Record<string, string>;
}

/** Go releases since this one fetch a newer toolchain by themselves when a module asks for it. */
const oldestGo = [1, 21] as const;

export function moduleFolder(module: string): string {
  return join(projectRoot, "tools", "go", module);
}

/** Files that decide what a build yields, relative to the project: the module's pins, and its own commands where it has some. */
export function buildInputs({ module, packages }: GoBuild): string[] {
  const folder = join("tools", "go", module);
  const own = packages.filter((name) => name.startsWith("./")).map((name) => join(folder, name));
  const sources = own.flatMap((place) => readdirSync(join(projectRoot, place)).map((file) => join(place, file)));
  return [join(folder, "go.mod"), join(folder, "go.sum"), ...sources];
}

/** Why Go cannot build here, or undefined when it can. */
export function goUnavailable(): string | undefined {
  let output: string;
  try {
    output = execFileSync("go", ["version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return "no `go` on PATH";
  }
  const [major = 0, minor = 0] = (output.match(/go(\d+)\.(\d+)/)?.slice(1) ?? []).map(Number);
  if (major > oldestGo[0] || minor >= oldestGo[1]) return undefined;
  return `${output.trim()} is too old`;
}

/** Builds into `folder`. Go's own cache keeps what a killed build had done. `go.sum` pins every module by checksum. */
export async function buildGo(build: GoBuild, folder: string, runner: Runner): Promise<void> {
  const variables = Object.entries(build.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const args = [
    "build",
    "-v",
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    // Debug information would take an eighth of the time and a fifth of the cache; stack traces do not need it.
    "-gcflags=all=-dwarf=false",
    "-ldflags",
    ["-s", "-w", ...variables].join(" "),
    "-o",
    build.output ? join(folder, build.output) : `${folder}/`,
    ...build.packages,
  ];
  let compiled = 0;
  await runTool("go", args, runner, {
    cwd: moduleFolder(build.module),
    // No C compiler is needed then, and the commands run on any Linux.
    env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" },
    describe: (line) => {
      if (line.includes(" ")) return line;
      compiled += 1;
      return `compiled ${compiled} packages, ${line.split("/").slice(-3).join("/")}`;
    },
  });
}
