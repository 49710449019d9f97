import { setTimeout as sleep } from "node:timers/promises";
import { ExecaError, execa } from "execa";
import { ToolError } from "../../tools/errors.ts";

const prompt = "$";
const pollMs = 200;
const patienceMs = 180_000;
/** More than any screen of a session. */
const rows = 400;

interface Shell {
  cwd: string;
  env: NodeJS.ProcessEnv;
  columns: number;
  /** What bash reads first; its prompt must be `$ `. */
  rcFile: string;
  /** Ends every waiting. */
  signal: AbortSignal;
}

/** A person's terminal: a shell in tmux, on a server of its own. */
export class Terminal {
  readonly #server = `rollback-incident-${process.pid}`;
  readonly #signal: AbortSignal;

  private constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** @throws {ToolError} where there is no tmux. */
  static async open({ cwd, env, columns, rcFile, signal }: Shell): Promise<Terminal> {
    const terminal = new Terminal(signal);
    const size = ["-x", String(columns), "-y", String(rows)];
    const shell = `bash --noprofile --rcfile ${rcFile} -i`;
    try {
      await terminal.#tmux(["-f", "/dev/null", "new-session", "-d", "-s", "incident", ...size, shell], { cwd, env });
    } catch (error) {
      if (!(error instanceof ExecaError) || error.code !== "ENOENT") throw error;
      throw new ToolError(
        "tmux is needed, and is not on PATH.\n    mend it with: apt-get install tmux, or brew install tmux; then again: npm run incident",
      );
    }
    await terminal.promptBack();
    return terminal;
  }

  /** Types a command on an empty screen and presses Enter. */
  async type(command: string): Promise<void> {
    await this.#tmux(["send-keys", "-t", "incident", "C-l"]);
    await sleep(pollMs);
    await this.#tmux(["send-keys", "-t", "incident", "-l", command]);
    await this.press("Enter");
    await sleep(pollMs);
  }

  async press(key: string): Promise<void> {
    await this.#tmux(["send-keys", "-t", "incident", key]);
  }

  /** What is on the screen, without the prompt that waits for the next command. */
  async screen(): Promise<string> {
    const { stdout } = await this.#tmux(["capture-pane", "-p", "-J", "-t", "incident"]);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.trimEnd());
    return (lines.at(-1) === prompt ? lines.slice(0, -1) : lines).join("\n").trimEnd();
  }

  /** When a command has ended. */
  async promptBack(): Promise<void> {
    await this.#until((text) => text.trimEnd().split("\n").at(-1)?.trimEnd() === prompt);
  }

  /** When the screen has this. */
  async has(what: string): Promise<void> {
    await this.#until((text) => text.includes(what));
  }

  async #until(holds: (text: string) => boolean): Promise<void> {
    const until = Date.now() + patienceMs;
    for (;;) {
      this.#signal.throwIfAborted();
      const { stdout } = await this.#tmux(["capture-pane", "-p", "-t", "incident"]);
      if (holds(stdout)) return;
      if (Date.now() > until) throw new ToolError(`the terminal did not come so far within ${patienceMs / 1000} s:\n${stdout.trimEnd()}`);
      await sleep(pollMs);
    }
  }

  async close(): Promise<void> {
    await this.#tmux(["kill-server"]).catch(() => undefined);
  }

  #tmux(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
    return execa("tmux", ["-L", this.#server, ...args], { ...options, extendEnv: false, env: { PATH: process.env.PATH, ...options.env } });
  }
}
