import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

const running = new Set<ChildProcess>();

/** Milliseconds that a cancelled program gets to end by itself before it is killed. */
const graceMilliseconds = 2000;

/**
 * Starts a child in this process's own group, so that the engine's last resort (SIGKILL to the group) reaches it too.
 * Standard output and error are pipes, standard input is empty.
 */
export function start(command: string, args: string[], options: Pick<SpawnOptions, "cwd" | "env">): ChildProcess {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

export function cancel(child: ChildProcess): void {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), graceMilliseconds).unref();
}

export function cancelAll(): void {
  for (const child of running) cancel(child);
}

/** Ends this process and everything its programs started. */
export function killGroup(): void {
  if (running.size === 0) process.exit(0);
  if (leadsItsGroup()) process.kill(-process.pid, "SIGKILL");
  for (const child of running) child.kill("SIGKILL");
  process.exit(0);
}

function leadsItsGroup(): boolean {
  try {
    // pid (comm) state ppid pgrp …; the name may hold spaces and brackets.
    const afterName = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1) ?? "";
    return Number(afterName.split(" ")[2]) === process.pid;
  } catch {
    return false;
  }
}
