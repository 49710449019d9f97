import { parseArgs } from "node:util";
import { ToolError } from "../errors.ts";
import { contextParts, ensure, nodeParts, simulatedParts } from "../setup/index.ts";
import { createProgress } from "../setup/progress.ts";
import { clusterLogs, clusterStatus, startCluster, stopCluster } from "./index.ts";
import { defaultName } from "./layout.ts";

const usage = `npm run cluster -- start [--name NAME] [--simulated] [--port PORT]
npm run cluster -- stop [--name NAME]
npm run cluster -- status [--name NAME]
npm run cluster -- logs [COMPONENT] [--name NAME]`;

const flags = {
  name: { type: "string", default: defaultName },
  simulated: { type: "boolean", default: false },
  port: { type: "string" },
} as const;

/**
 * The `cluster` command; `start` first sets up what is missing. Returns the exit code: 0 done (for `status`: running), 1 not running.
 * @throws {ToolError} with the words for the user: 1 for what failed, 2 for what was misused.
 */
export async function clusterCommand(argv: string[]): Promise<number> {
  const { command, component, name, simulated, port } = parse(argv);
  switch (command) {
    case "start":
      return start(name, simulated, port);
    case "stop":
      await stopCluster(name);
      console.log(`The cluster "${name}" is stopped, nothing of it is left`);
      return 0;
    case "status":
      return status(name);
    case "logs":
      process.stdout.write(clusterLogs(name, component));
      return 0;
    default:
      throw new ToolError(`${command === "" ? "A cluster command is missing" : `"${command}" is not a cluster command`}\n${usage}`, 2);
  }
}

function parse(argv: string[]) {
  const { values, positionals } = words(argv);
  const [command = "", component] = positionals;
  if (positionals.length > (command === "logs" ? 2 : 1)) throw new ToolError(`"${positionals.at(-1)}" is one word too many\n${usage}`, 2);
  return { ...values, command, component, port: values.port === undefined ? undefined : Number(values.port) };
}

function words(argv: string[]) {
  try {
    return parseArgs({ args: argv, allowPositionals: true, options: flags });
  } catch (error) {
    throw new ToolError(`${(error as Error).message}\n${usage}`, 2);
  }
}

async function start(name: string, simulated: boolean, port: number | undefined): Promise<number> {
  const parts = simulated ? simulatedParts : nodeParts;
  await ensure(
    parts.filter((part) => !contextParts.includes(part)),
    createProgress(),
  );
  const begun = performance.now();
  const seconds = () => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
  const cluster = await startCluster({
    name,
    simulated,
    ...(port === undefined ? {} : { port }),
    report: (line) => console.log(`${seconds().padStart(7)}  ${line}`),
  });
  console.log(`${seconds().padStart(7)}  ready: the cluster "${name}" is ${simulated ? "simulated (no traffic)" : "a real node"}`);
  console.log(`export KUBECONFIG='${cluster.kubeconfig.replaceAll("'", `'\\''`)}'   # context ${cluster.context}`);
  return 0;
}

async function status(name: string): Promise<number> {
  const { state, kind, kubeconfig, waitingFor, components, memory } = await clusterStatus(name);
  console.log(`${name}: ${state}${kind ? ` (${kind})` : ""}${waitingFor ? `, waiting: ${waitingFor}` : ""}`);
  if (kubeconfig) console.log(`kubeconfig: ${kubeconfig}`);
  for (const component of components) {
    console.log(`${component.name.padEnd(24)} pid ${String(component.pid).padEnd(8)} ${mebibytes(component.memory)}`);
  }
  if (memory > 0) console.log(`${"all, pods included".padEnd(36)} ${mebibytes(memory)}`);
  return state === "running" ? 0 : 1;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`.padStart(9);
}
