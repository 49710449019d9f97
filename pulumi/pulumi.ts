/** The `pulumi` CLI as child processes: what the drill runs is what a person would type. */

import { execa, type ResultPromise } from "execa";
import { commandLine } from "../components/levers/commands.ts";
import { now } from "../probes/request.ts";

/** One command as it was run. Times are milliseconds since the epoch. */
export interface CommandRun {
  /** As typed. Never holds a secret: those go in through stdin. */
  command: string;
  startedAt: number;
  endedAt: number;
  exitCode: number;
  /** stdout and stderr interleaved. */
  output: string;
  stdout: string;
}

/** A command that ended with another code than 0; `run` has its output. */
export class CommandError extends Error {
  readonly run: CommandRun;
  constructor(run: CommandRun) {
    super(`\`${run.command}\` ended with exit code ${run.exitCode}:\n${indent(meaningful(run.output))}${wayOut(run.output)}`);
    this.name = "CommandError";
    this.run = run;
  }
}

export interface PulumiOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Selected through PULUMI_STACK, so that the commands stay the literal ones. */
  stack: string;
  /** Each line that a command prints. */
  onLine: (line: string) => void;
}

export class Pulumi {
  readonly #options: PulumiOptions;
  #running: ResultPromise | null = null;
  #told: ResultPromise | null = null;

  constructor(options: PulumiOptions) {
    this.#options = options;
  }

  /** Runs `pulumi <args>`; `input` is fed to stdin (secrets). Throws `CommandError` on any exit code but 0. */
  async run(args: readonly string[], input?: string): Promise<CommandRun> {
    const { cwd, env, stack, onLine } = this.#options;
    const startedAt = now();
    // A process group of its own: a Ctrl-C reaches the drill alone, which then decides what becomes of the command.
    const child = execa("pulumi", args, {
      cwd,
      env: { ...env, PULUMI_STACK: stack },
      extendEnv: false,
      all: true,
      reject: false,
      detached: true,
      ...(input === undefined ? { stdin: "ignore" as const } : { input }),
    });
    this.#running = child;
    let output = "";
    try {
      for await (const line of child.iterable({ from: "all" })) {
        output += `${line}\n`;
        onLine(line);
      }
    } catch {
      // The result below says how the command ended.
    }
    const result = await child;
    this.#running = null;
    const run: CommandRun = {
      command: commandLine(args),
      startedAt,
      endedAt: now(),
      exitCode: result.exitCode ?? 1,
      output: output || (result.originalMessage ?? ""),
      stdout: result.stdout ?? "",
    };
    if (run.exitCode !== 0) throw new CommandError(run);
    return run;
  }

  /**
   * What Ctrl-C in a terminal would do to the running command: Pulumi then ends its steps in order and releases its lock.
   * Resolves when it has ended. A command is told once: the second time it would stop without releasing anything.
   */
  async interrupt(): Promise<void> {
    const child = this.#running;
    if (child?.pid === undefined) return;
    if (this.#told !== child) {
      this.#told = child;
      try {
        process.kill(-child.pid, "SIGINT");
      } catch {
        // It ended meanwhile.
      }
    }
    await child;
  }
}

/** The lines of Pulumi's output that say what went wrong: its diagnostics where it printed any, else its last lines. */
function meaningful(output: string): string {
  const lines = output.trimEnd().split("\n");
  const diagnostics = lines.findIndex((line) => line.startsWith("Diagnostics:"));
  return (diagnostics >= 0 ? lines.slice(diagnostics + 1, diagnostics + 31) : lines.slice(-15)).join("\n");
}

function wayOut(output: string): string {
  if (!output.includes("incorrect passphrase")) return "";
  return (
    "\n  The stack was made with another passphrase. Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to that one, or\n" +
    "  forget the stack, which loses nothing that a drill needs: npx pulumi stack rm --force <stack>"
  );
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
