import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ToolError } from "./errors.ts";
import { compileCacheDir, projectRoot, pulumiBinDir, pulumiHome, workDir } from "./paths.ts";

export interface EnvironmentOptions {
  /** What the variables are added to; default `process.env`. */
  base?: NodeJS.ProcessEnv;
  /** Folder of the local state and the generated passphrase; default `<checkout>/.rollback`. */
  stateDir?: string;
}

/**
 * Only the variables that make `pulumi` use this project's Node, home, state and passphrase. A backend or a passphrase that
 * the user has set stays; otherwise state is a local folder and the passphrase a generated file (mode 600), both made here.
 */
export function pulumiVariables({ base = process.env, stateDir = workDir }: EnvironmentOptions = {}): Record<string, string> {
  // The CLI itself before npm's wrapper of it: 45 ms less a command, and a signal to `pulumi` reaches the engine.
  const own = [pulumiBinDir, join(projectRoot, "node_modules", ".bin")];
  const rest = (base.PATH ?? "").split(delimiter).filter((entry) => entry !== "" && !own.includes(entry));
  return {
    PATH: [...own, ...rest].join(delimiter),
    PULUMI_HOME: pulumiHome,
    PULUMI_BACKEND_URL: base.PULUMI_BACKEND_URL || localBackend(stateDir),
    ...passphrase(base, stateDir),
    PULUMI_SKIP_UPDATE_CHECK: "1",
    // Each `pulumi` command begins with tables that it mostly does not need; to collect garbage less often then saves a sixth of its CPU time.
    GOGC: base.GOGC || "400",
    NODE_COMPILE_CACHE: base.NODE_COMPILE_CACHE || compileCacheDir,
  };
}

/** The whole environment to run `pulumi` (and the programs it starts) with. */
export function pulumiEnvironment(options: EnvironmentOptions = {}): NodeJS.ProcessEnv {
  return { ...(options.base ?? process.env), ...pulumiVariables(options) };
}

/** The variables as lines for `eval` in a POSIX shell. */
export function exportLines(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
    .join("\n");
}

function localBackend(stateDir: string): string {
  const folder = join(stateDir, "state");
  mkdirSync(folder, { recursive: true });
  return `file://${folder}`;
}

function passphrase(base: NodeJS.ProcessEnv, stateDir: string): Record<string, string> {
  if (base.PULUMI_CONFIG_PASSPHRASE !== undefined) return { PULUMI_CONFIG_PASSPHRASE: base.PULUMI_CONFIG_PASSPHRASE };
  if (base.PULUMI_CONFIG_PASSPHRASE_FILE) return { PULUMI_CONFIG_PASSPHRASE_FILE: base.PULUMI_CONFIG_PASSPHRASE_FILE };
  return { PULUMI_CONFIG_PASSPHRASE_FILE: generatedPassphrase(stateDir) };
}

function generatedPassphrase(stateDir: string): string {
  const file = join(stateDir, "passphrase");
  try {
    if (readFileSync(file, "utf8") !== "") return file;
    throw new ToolError(
      `the passphrase file ${file} is empty, so secrets in this checkout's state cannot be read.\n` +
        "  Put the passphrase back into it, or, if the state holds nothing you need, remove the folder it lies in.",
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  mkdirSync(stateDir, { recursive: true });
  // A link appears complete or not at all, and never replaces what another process made first.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(32).toString("base64url"), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return file;
}
