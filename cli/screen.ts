/** The terminal, or whatever stands in its place. */

import { clearLine, clearScreenDown, cursorTo } from "node:readline";
import { createInterface } from "node:readline/promises";
import pc from "picocolors";

export interface Screen {
  /** A line of the answer, on standard output. */
  print(line?: string): void;
  /** A line about what is going on, on standard error. */
  note(line: string): void;
  colors: ReturnType<typeof pc.createColors>;
  /** Characters in a line. */
  columns: number;
  /** Draws lines from the top of the screen, in place of what is there, as many as fit; nothing where there is no terminal to draw on. */
  draw: ((lines: readonly string[]) => void) | undefined;
  /** Whether a person can be asked. */
  interactive: boolean;
  /** What the person answers, without blanks around it; undefined where they end the asking, with Ctrl-C or Ctrl-D. */
  ask(question: string): Promise<string | undefined>;
  /** Whether the person says yes; anything else is no. */
  confirm(question: string): Promise<boolean>;
}

/** A log or a pipe has no width; this is what fits most screens beside another window. */
const widthWithoutTerminal = 120;

export function terminal(): Screen {
  const { stdin, stdout, stderr } = process;
  // Whoever reads no further, like head, must not end a rollback.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return {
    print: (line = "") => void stdout.write(`${line}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    // NO_COLOR and TERM=dumb are in what picocolors asks; a pipe is here, since FORCE_COLOR is for logs of tests.
    colors: pc.createColors(Boolean(stdout.isTTY) && pc.isColorSupported),
    // A person may make the window wider meanwhile.
    get columns() {
      // A terminal that knows no size says 0.
      return (stdout.isTTY && stdout.columns) || widthWithoutTerminal;
    },
    draw: stdout.isTTY && process.env.TERM !== "dumb" ? drawing(stdout) : undefined,
    interactive: Boolean(stdin.isTTY && stdout.isTTY),
    ask,
    confirm: async (question) => /^y(es)?$/i.test((await ask(`${question} [y/N] `)) ?? ""),
  };
}

/** Line by line over what is there, so that nothing flickers. */
function drawing(stdout: NodeJS.WriteStream): (lines: readonly string[]) => void {
  return (lines) => {
    cursorTo(stdout, 0, 0);
    for (const line of lines.slice(0, stdout.rows - 1)) {
      stdout.write(line);
      clearLine(stdout, 1);
      stdout.write("\n");
    }
    clearScreenDown(stdout);
  };
}

async function ask(question: string): Promise<string | undefined> {
  const asked = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<undefined>((resolve) => asked.once("close", () => resolve(undefined)));
  const answer = await Promise.race([asked.question(question).catch(() => undefined), closed]);
  asked.close();
  // Where it was ended, the terminal is still on the question's line.
  if (answer === undefined) process.stdout.write("\n");
  return answer?.trim();
}
