/** How a step has ended, and what it printed. */
export interface Output {
  exitCode: number;
  /** In the cluster's words. */
  why?: string;
  /** Its last line, as JSON; nothing where it failed. */
  result: unknown;
  /** What it said was wrong; where things stand is the last of them. */
  errors: string[];
}

/** Before each line of what is wrong (`operations/database/main.ts`). */
const mark = "database: ";

/** What a step prints, from its log as it grows. */
export class StepOutput {
  readonly #onLine: (line: string) => void;
  #lines: string[] = [];
  #told = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** @param log all of it until now */
  see(log: string): void {
    this.#lines = log.split("\n").slice(0, -1);
    // The last one may be the result.
    this.#tell(this.#lines.length - 1);
  }

  end({ exitCode, why }: { exitCode: number; why?: string }): Output {
    const last = this.#lines.at(-1);
    this.#tell(exitCode === 0 ? this.#lines.length - 1 : this.#lines.length);
    const errors = this.#lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
    const result = exitCode === 0 && last !== undefined ? JSON.parse(last) : undefined;
    return { exitCode, result, errors, ...(why !== undefined && { why }) };
  }

  #tell(until: number): void {
    for (; this.#told < until; this.#told++) {
      const line = this.#lines[this.#told] ?? "";
      if (!line.startsWith(mark)) this.#onLine(line);
    }
  }
}
