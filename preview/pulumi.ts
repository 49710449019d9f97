/** The `pulumi` CLI, as a person would type it. */

import { execa } from "execa";

export interface Ran {
  exitCode: number;
  stdout: string;
  /** What it said in words. */
  stderr: string;
}

export class Pulumi {
  readonly folder: string;
  readonly stack: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(folder: string, env: NodeJS.ProcessEnv, stack: string) {
    this.folder = folder;
    this.#env = env;
    this.stack = stack;
  }

  /** `input` goes to standard input. How it ended is in the exit code. */
  async run(args: readonly string[], { input = "", env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Ran> {
    const { exitCode, stdout, stderr, originalMessage } = await execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
      cwd: this.folder,
      env: { ...this.#env, PULUMI_STACK: this.stack, ...env },
      extendEnv: false,
      reject: false,
      input,
    });
    return { exitCode: exitCode ?? 1, stdout, stderr: stderr || (originalMessage ?? "") };
  }

  /** The same where it must succeed: returns what it printed. */
  async expect(args: readonly string[], input?: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(args, input === undefined ? {} : { input });
    if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} ended with exit code ${exitCode}:\n${stderr || stdout}`);
    return stdout;
  }
}
