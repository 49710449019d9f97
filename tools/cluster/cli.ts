import { parseArgs } from "node:util";
import { clusterLogs, clusterStatus, startCluster, stopCluster } from "./index.ts";
import { defaultName } from "./layout.ts";
import { ClusterError } from "./types.ts";

const usage = `npm run cluster -- start [--name NAME] [--simulated] [--port PORT]
npm run cluster -- stop [--name NAME]
npm run cluster -- status [--name NAME]
npm run cluster -- logs [COMPONENT] [--name NAME]`;

/** The `cluster` command. Returns the exit code: 0 done (for `status`: running), 1 failed or not running, 2 misused. */
export async function clusterCommand(argv: string[]): Promise<number> {
  const parsed = parse(argv);
  if (typeof parsed === "string") {
    console.error(`${parsed}\n${usage}`);
    return 2;
  }
  const { command, component, name, simulated, port } = parsed;
  try {
    switch (command) {
      case "start":
        return await start(name, simulated, port);
      case "stop":
        await stopCluster(name);
        console.log(`the cluster "${name}" is stopped, nothing of it is left`);
        return 0;
      case "status":
        return await status(name);
      case "logs":
        process.stdout.write(clusterLogs(name, component));
        return 0;
      default:
        console.error(`"${command}" is not a cluster command\n${usage}`);
        return 2;
    }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    console.error(error.message);
    return 1;
  }
}

function parse(argv: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { name: { type: "string", default: defaultName }, simulated: { type: "boolean", default: false }, port: { type: "string" } },
    });
    const [command = "", component, ...rest] = positionals;
    if (rest.length > 0 || (component !== undefined && command !== "logs")) return `"${positionals.at(-1)}" is one word too many`;
    return {
      command,
      component,
      name: values.name,
      simulated: values.simulated,
      port: values.port === undefined ? undefined : Number(values.port),
    };
  } catch (error) {
    return (error as Error).message;
  }
}

async function start(name: string, simulated: boolean, port: number | undefined): Promise<number> {
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
