import { stripVTControlCharacters } from "node:util";
import pc from "picocolors";

export interface StepOptions {
  /** How long it usually takes: "about 5 min". */
  usually?: string;
}

export interface Progress {
  /**
   * Runs `body` and shows its name, how long it has been running and the last line it reported. What `body` returns as a string
   * stands beside the name when it is done.
   */
  step<T>(name: string, options: StepOptions, body: (report: (line: string) => void) => Promise<T>): Promise<T>;
  /** A line that stays. */
  note(line: string): void;
}

interface Step {
  name: string;
  usually?: string;
  started: number;
  last: string;
  said: number;
}

interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

const redrawMilliseconds = 200;
const heartbeatMilliseconds = 30_000;

/**
 * Progress on standard error. On a terminal one live line a step; elsewhere (CI, a log) a line when a step starts and ends and every
 * 30 s in between. With `verbose` every reported line is written out.
 */
export function createProgress({ verbose = false, output = process.stderr }: { verbose?: boolean; output?: Output } = {}): Progress {
  return output.isTTY && !verbose ? new LiveProgress(output) : new PlainProgress(output, verbose);
}

abstract class Base implements Progress {
  protected readonly output: Output;
  protected readonly steps = new Set<Step>();
  protected readonly colors: ReturnType<typeof pc.createColors>;
  #timer: NodeJS.Timeout | undefined;
  readonly #interval: number;

  constructor(output: Output, interval: number) {
    this.output = output;
    this.#interval = interval;
    this.colors = pc.createColors(Boolean(output.isTTY) && pc.isColorSupported);
  }

  protected abstract started(step: Step): void;
  protected abstract reported(step: Step, line: string): void;
  protected abstract tick(): void;
  protected abstract keep(line: string): void;

  async step<T>(name: string, { usually }: StepOptions, body: (report: (line: string) => void) => Promise<T>): Promise<T> {
    const now = Date.now();
    const step: Step = { name, usually, started: now, last: "", said: now };
    this.steps.add(step);
    this.#timer ??= setInterval(() => this.tick(), this.#interval).unref();
    this.started(step);
    try {
      const result = await body((line) => {
        const text = clean(line);
        if (text === "") return;
        step.last = text;
        this.reported(step, text);
      });
      this.#end(step, `${this.colors.green("✔")} ${name}${typeof result === "string" ? this.colors.dim(` ${result}`) : ""}`);
      return result;
    } catch (error) {
      this.#end(step, `${this.colors.red("✘")} ${name}`);
      throw error;
    }
  }

  #end(step: Step, line: string): void {
    this.steps.delete(step);
    if (this.steps.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.keep(`${line}  ${this.colors.dim(duration(Date.now() - step.started))}`);
  }

  note(line: string): void {
    this.keep(line);
  }
}

class LiveProgress extends Base {
  #drawn = 0;

  constructor(output: Output) {
    super(output, redrawMilliseconds);
  }

  protected started(): void {
    this.tick();
  }

  protected reported(): void {}

  protected tick(): void {
    this.#draw("");
  }

  protected keep(line: string): void {
    this.#draw(`${line}\n`);
  }

  /** One write, so that nothing flickers: up to the first live line, clear, what stays, the live lines. */
  #draw(kept: string): void {
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : "";
    const lines = [...this.steps].map((step) => `${this.#line(step)}\n`);
    this.output.write(`${up}\r\x1b[J${kept}${lines.join("")}`);
    this.#drawn = lines.length;
  }

  #line(step: Step): string {
    const elapsed = duration(Date.now() - step.started);
    const usually = step.usually ? ` of usually ${step.usually}` : "";
    const head = `… ${step.name}  ${elapsed}${usually}`;
    const room = (this.output.columns ?? 80) - 1;
    const tail = step.last ? `  ${step.last}` : "";
    const fitting = `${head}${tail}`.slice(0, room);
    return `${this.colors.cyan(fitting.slice(0, head.length))}${this.colors.dim(fitting.slice(head.length))}`;
  }
}

class PlainProgress extends Base {
  readonly #verbose: boolean;

  constructor(output: Output, verbose: boolean) {
    super(output, 1000);
    this.#verbose = verbose;
  }

  protected started(step: Step): void {
    this.output.write(`… ${step.name}${step.usually ? ` (usually ${step.usually})` : ""}\n`);
  }

  protected reported(step: Step, line: string): void {
    if (this.#verbose) this.output.write(`  ${step.name}: ${line}\n`);
  }

  protected tick(): void {
    const now = Date.now();
    for (const step of this.steps) {
      if (now - step.said < heartbeatMilliseconds) continue;
      step.said = now;
      this.output.write(`  ${step.name}  ${duration(now - step.started)}${step.last ? `  ${step.last}` : ""}\n`);
    }
  }

  protected keep(line: string): void {
    this.output.write(`${line}\n`);
  }
}

function clean(line: string): string {
  return stripVTControlCharacters(line).replaceAll("\t", " ").trim();
}

/** 850 ms → "0.9 s", 75 s → "1 min 15 s". */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
