import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultName, layoutOf } from "./layout.ts";
import { descendantsOf, type ProcessEntry, readEntry } from "./processes.ts";
import { type ClusterRecord, isRunning, readRecord } from "./record.ts";
import { ClusterError, type ClusterStatus } from "./types.ts";
import { lackingNow } from "./waiting.ts";

const shownLines = 5;

/** What the cluster is doing, without changing anything. */
export async function clusterStatus(name: string = defaultName): Promise<ClusterStatus> {
  const layout = layoutOf(name);
  const record = readRecord(layout);
  if (!record) return { name, state: "stopped", components: [], memory: 0 };
  const known = { name, kind: record.kind, kubeconfig: layout.kubeconfig };
  if (!isRunning(record)) return { ...known, state: "down", components: [], memory: 0 };
  const waitingFor = await lackingNow(layout, record);
  const processes = processesOf(record);
  const parts = processes.filter(({ command }) => !command.startsWith("containerd-shim"));
  return {
    ...known,
    state: waitingFor === undefined ? "running" : "starting",
    ...(waitingFor === undefined ? {} : { waitingFor }),
    components: componentsAmong(parts, record),
    memory: processes.reduce((sum, { memory }) => sum + memory, 0),
  };
}

/** The whole log of one component, or the last lines of every component's. Throws a ClusterError for one that has none. */
export function clusterLogs(name: string = defaultName, component?: string): string {
  const { logs } = layoutOf(name);
  const names = existsSync(logs) ? readdirSync(logs).map((file) => file.replace(/\.log$/, "")) : [];
  if (names.length === 0)
    throw new ClusterError(`the cluster "${name}" has no logs: it is stopped.\n  Start it: npm run cluster -- start --name ${name}`);
  if (component === undefined) {
    return names.map((each) => `== ${each}\n${lastLines(read(each))}`).join("\n");
  }
  if (!names.includes(component))
    throw new ClusterError(`"${component}" has no log in the cluster "${name}": choose one of ${names.join(", ")}`);
  return read(component);

  function read(each: string): string {
    return readFileSync(join(logs, `${each}.log`), "utf8");
  }
}

function lastLines(text: string): string {
  return `${text.trimEnd().split("\n").slice(-shownLines).join("\n")}\n`;
}

function processesOf(record: ClusterRecord): ProcessEntry[] {
  const main = record.main && readEntry(record.main.pid);
  const below = record.main ? descendantsOf(record.main.pid) : [];
  return main ? [main, ...below] : below;
}

/** The supervisor's own children: everything else in the cluster is below containerd or a pod. */
function componentsAmong(processes: ProcessEntry[], record: ClusterRecord) {
  const supervisor = record.kind === "simulated" ? record.main?.pid : processes.find(({ parent }) => parent === record.inner?.pid)?.pid;
  return processes
    .filter(({ parent }) => parent === supervisor)
    .map(({ pid, memory }) => ({ name: commandName(pid), pid, memory }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The kernel keeps 15 characters of a command; its arguments are whole. */
function commandName(pid: number): string {
  const [program = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  return program.slice(program.lastIndexOf("/") + 1);
}
