import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that is still the same one: ids are used again, start times are not. */
export interface ProcessId {
  pid: number;
  /** Opaque; equal for the same process only. */
  started: string;
}

export interface ProcessEntry extends ProcessId {
  parent: number;
  command: string;
  /** Resident memory in bytes. */
  memory: number;
}

const pageSize = 4096;

/** The process that has `pid` now, or undefined when none has, or only an ended one that nobody collected yet. */
export function identify(pid: number): ProcessId | undefined {
  const entry = readEntry(pid);
  return entry && { pid, started: entry.started };
}

export function isAlive(process: ProcessId): boolean {
  return identify(process.pid)?.started === process.started;
}

/** Kills exactly these processes and waits up to 5 s for them to be gone. */
export async function killAll(processes: ProcessId[]): Promise<void> {
  for (const target of processes) {
    if (!isAlive(target)) continue;
    try {
      process.kill(target.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
  const deadline = Date.now() + 5_000;
  while (processes.some(isAlive)) {
    if (Date.now() > deadline) {
      throw new Error(
        `these processes do not end: ${processes
          .filter(isAlive)
          .map(({ pid }) => pid)
          .join(", ")}`,
      );
    }
    await sleep(10);
  }
}

/** Every process below `root` (not itself), parents before children. */
export function descendantsOf(root: number): ProcessEntry[] {
  const byParent = new Map<number, ProcessEntry[]>();
  for (const name of existsSync("/proc/self") ? readdirSync("/proc") : []) {
    const entry = /^\d+$/.test(name) ? readEntry(Number(name)) : undefined;
    if (entry) byParent.set(entry.parent, [...(byParent.get(entry.parent) ?? []), entry]);
  }
  const found: ProcessEntry[] = [];
  const queue = [root];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    const children = byParent.get(pid) ?? [];
    found.push(...children);
    queue.push(...children.map((child) => child.pid));
  }
  return found;
}

/** What the system knows of one process; undefined when there is none. */
export function readEntry(pid: number): ProcessEntry | undefined {
  return existsSync("/proc/self") ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): ProcessEntry | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The command stands in parentheses and may itself hold spaces and parentheses.
  const command = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent] = fields;
  if (state === "Z" || state === "X") return undefined;
  return { pid, command, parent: Number(parent), started: fields[19] ?? "", memory: Number(fields[21]) * pageSize };
}

/** Memory of a process in bytes, with what it shares divided among those that share it; the plain resident size where unknown. */
export function shareOfMemory({ pid, memory }: ProcessEntry): number {
  try {
    const [, kibibytes] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? [];
    return kibibytes === undefined ? memory : Number(kibibytes) * 1024;
  } catch {
    return memory;
  }
}

/** For systems without /proc. */
function fromPs(pid: number): ProcessEntry | undefined {
  try {
    const line = execFileSync("ps", ["-o", "ppid=,rss=,lstart=,comm=", "-p", String(pid)], { encoding: "utf8" }).trim();
    const [parent, memory, ...rest] = line.split(/\s+/);
    return {
      pid,
      parent: Number(parent),
      memory: Number(memory) * 1024,
      started: rest.slice(0, 5).join(" "),
      command: rest.slice(5).join(" "),
    };
  } catch {
    return undefined;
  }
}
