import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Component } from "./control-plane.ts";

const firstDelay = 100;
const longestDelay = 5_000;
const steadyAfter = 10_000;

export interface SupervisorOptions {
  /** Folder of one `<component>.log` each. */
  logs: string;
  cwd: string;
  env: Record<string, string>;
  log(line: string): void;
  /** Called whenever a component has a new process. */
  started?(name: string, pid: number): void;
}

/**
 * Keeps components running: one that ends is started again after 100 ms, doubling up to 5 s while it keeps ending soon, so
 * that a killed part is back before its clients give up.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #children = new Map<string, ChildProcess>();
  #stopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    mkdirSync(options.logs, { recursive: true });
  }

  run(component: Component): void {
    this.#start(component, firstDelay);
  }

  /** Kills every component; none comes back. */
  stop(): void {
    this.#stopping = true;
    for (const child of this.#children.values()) child.kill("SIGKILL");
  }

  #start(component: Component, delay: number): void {
    if (this.#stopping) return;
    const { logs, cwd, env, log, started } = this.#options;
    const output = openSync(join(logs, `${component.name}.log`), "a");
    const begun = Date.now();
    const child = spawn(component.command, component.args, {
      cwd,
      env,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    this.#children.set(component.name, child);
    if (child.pid !== undefined) started?.(component.name, child.pid);

    let ended = false;
    const restart = (how: string) => {
      if (ended || this.#stopping) return;
      ended = true;
      const steady = Date.now() - begun > steadyAfter;
      const wait = steady ? firstDelay : delay;
      log(`${component.name} ${how}; starting it again in ${wait} ms`);
      setTimeout(() => this.#start(component, steady ? firstDelay : Math.min(delay * 2, longestDelay)), wait);
    };
    child.once("error", (error) => restart(`could not be started: ${error.message}`));
    child.once("exit", (code, signal) => restart(`ended with ${signal ?? `code ${code}`}`));
  }
}
