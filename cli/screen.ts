/** The terminal, or whatever stands in its place. */

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
  /** Whether a person can be asked. */
  interactive: boolean;
  /** Whether the person says yes; anything else is no. */
  confirm(question: string): Promise<boolean>;
}

/** A log or a pipe has no width; this is what fits most screens beside another window. */
const widthWithoutTerminal = 120;

export function terminal(): Screen {
  const { stdin, stdout, stderr } = process;
  return {
    print: (line = "") => void stdout.write(`${line}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    // NO_COLOR and TERM=dumb are in what picocolors asks; a pipe is here, since FORCE_COLOR is for logs of tests.
    colors: pc.createColors(Boolean(stdout.isTTY) && pc.isColorSupported),
    columns: stdout.isTTY ? stdout.columns : widthWithoutTerminal,
    interactive: Boolean(stdin.isTTY && stdout.isTTY),
    async confirm(question) {
      const asked = createInterface({ input: stdin, output: stdout });
      // Ctrl-C and Ctrl-D are a no.
      const closed = new Promise<string>((resolve) => asked.once("close", () => resolve("")));
      const answer = await Promise.race([asked.question(`${question} [y/N] `).catch(() => ""), closed]);
      asked.close();
      return /^y(es)?$/i.test(answer.trim());
    },
  };
}
