import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { defaultName, type Layout, layoutOf } from "./layout.ts";
import { descendantsOf, type ProcessEntry, readEntry, shareOfMemory } from "./processes.ts";
import { type ClusterRecord, isRunning, readParts, readRecord } from "./record.ts";
import { ClusterError, type ClusterStatus, type ComponentStatus } from "./types.ts";
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
  const { processes, components } = record.kind === "node" ? insideNode(record) : simulatedParts(layout);
  return {
    ...known,
    state: waitingFor === undefined ? "running" : "starting",
    ...(waitingFor === undefined ? {} : { waitingFor }),
    components: components.sort((a, b) => a.name.localeCompare(b.name)),
    memory: processes.reduce((sum, each) => sum + shareOfMemory(each), 0),
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

interface Parts {
  processes: ProcessEntry[];
  components: ComponentStatus[];
}

/** Components are the children of the init; everything else in the namespaces is below containerd or a pod. */
function insideNode({ main, inner }: ClusterRecord): Parts {
  const processes = main ? descendantsOf(main.pid) : [];
  const init = processes.find(({ parent }) => parent === inner?.pid);
  const children = processes.filter(({ parent }) => parent === init?.pid);
  return { processes, components: children.map((child) => ({ name: programOf(child), pid: child.pid, memory: shareOfMemory(child) })) };
}

function simulatedParts(layout: Layout): Parts {
  const components: ComponentStatus[] = [];
  const processes: ProcessEntry[] = [];
  for (const [name, { pid }] of Object.entries(readParts(layout))) {
    const entry = readEntry(pid);
    if (!entry) continue;
    processes.push(entry);
    components.push({ name, pid, memory: shareOfMemory(entry) });
  }
  return { processes, components };
}

/** The kernel keeps 15 characters of a command; the command line has it whole while the process lives. */
function programOf({ pid, command }: ProcessEntry): string {
  try {
    const [program = command] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return basename(program);
  } catch {
    return command;
  }
}
