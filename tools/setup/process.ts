import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Interrupted } from "../errors.ts";

export interface Runner {
  /** Says what is happening, in a few words; shown beside the part's name. */
  report(line: string): void;
  /** Aborted when the user interrupts or another part failed. */
  signal: AbortSignal;
}

export interface ToolOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Turns a line of the tool's output into what is reported; default the line itself. */
  describe?: (line: string) => string;
}

const keptLines = 30;
const graceMilliseconds = 3000;

/**
 * Runs a command to its end, in a process group of its own so that an interruption reaches everything it started.
 * @throws {Interrupted} when the signal aborts; otherwise an Error with the last lines of its output when it fails.
 */
export async function runTool(command: string, args: string[], runner: Runner, options: ToolOptions = {}): Promise<void> {
  if (runner.signal.aborted) throw new Interrupted();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      last.push(line);
      if (last.length > keptLines) last.shift();
      runner.report(options.describe?.(line) ?? line);
    });
  }
  const kill = (): void => {
    killGroup(child.pid, "SIGTERM");
    setTimeout(() => killGroup(child.pid, "SIGKILL"), graceMilliseconds).unref();
  };
  runner.signal.addEventListener("abort", kill, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (runner.signal.aborted) throw new Interrupted();
    if (code !== 0) throw new Error([`\`${command} ${args.join(" ")}\` ended with exit code ${code}:`, ...last].join("\n    "));
  } finally {
    runner.signal.removeEventListener("abort", kill);
  }
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid) process.kill(-pid, signal);
  } catch {
    // already gone
  }
}
