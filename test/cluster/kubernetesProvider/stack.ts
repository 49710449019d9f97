import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa, type ResultPromise } from "execa";
import { pulumiEnvironment } from "../../../tools/environment.ts";
import { type Serving, serve } from "../../../tools/kubernetes-provider/server.ts";
import { projectRoot } from "../../../tools/paths.ts";

const stackName = "test";

/** A step of a preview, reduced to what it would do: `update, add metadata.labels` by resource name. */
export type Steps = Record<string, string>;

interface PreviewStep {
  op: string;
  urn: string;
  detailedDiff?: Record<string, { kind: string }>;
}

/** What the state keeps of a resource, as `pulumi stack export` shows it. */
export interface StateResource {
  urn: string;
  type: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  initErrors?: string[];
}

interface Deployment {
  resources?: StateResource[];
  pending_operations?: { type: string; resource: StateResource }[];
}

/** A stack of one of the programs beside this file, on the real engine with a file backend, in a folder of its own. */
export interface TestStack {
  folder: string;
  /** Runs `pulumi <args>`; rejects with execa's error (`.all` has what was printed) where it fails. */
  pulumi(...args: string[]): ResultPromise<{ all: true }>;
  /** Resources of the state by name, the stack and its providers left out. */
  state(): Promise<Record<string, StateResource>>;
  /** What an engine that was killed had begun: `creating <name>`. */
  pendingOperations(): Promise<string[]>;
  /** Where the stack keeps its settings. */
  configFile: string;
  /** `-c` arguments for this stack's commands that need settings. */
  config(values?: Record<string, string>): string[];
  /** What `pulumi preview` would do with these settings, unchanged resources left out. */
  steps(values?: Record<string, string>): Promise<Steps>;
  /** Writes the objects that the program `objects` declares; `{ $secret: value }` stands for a secret value. */
  declare(objects: unknown[]): void;
  close(): void;
}

/**
 * @param program folder beside this file
 * @param kubeconfig path or contents, handed to the provider as its setting; without it the provider goes by $KUBECONFIG
 * @param provider `here`: the engine talks to the provider in this process, whatever is installed; `plugin`: it starts this
 * checkout's provider as a process of its own; `installed`: it starts what is installed, as for anyone
 */
export async function newStack(
  program: string,
  kubeconfig?: string,
  provider: "here" | "plugin" | "installed" = "here",
): Promise<TestStack> {
  const folder = mkdtempSync(join(tmpdir(), `provider-${program}-`));
  const place = join(folder, "program");
  // The engine writes the stack's settings beside the program.
  cpSync(join(projectRoot, "test/cluster/kubernetesProvider", program), place, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  const serving: Serving | undefined = provider === "here" ? await serve() : undefined;
  const path = provider === "plugin" ? `${pluginFolder(folder)}${delimiter}${process.env.PATH}` : process.env.PATH;

  const pulumi: TestStack["pulumi"] = (...args) =>
    execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
      cwd: place,
      env: {
        ...pulumiEnvironment({ base: { PATH: path, HOME: folder }, stateDir: folder }),
        PULUMI_STACK: stackName,
        // It makes the engine take --event-log.
        PULUMI_DEBUG_COMMANDS: "true",
        ...(serving && { PULUMI_DEBUG_PROVIDERS: `kubernetes:${serving.port}` }),
      },
      extendEnv: false,
      all: true,
    });
  const configFile = join(folder, "Pulumi.test.yaml");
  const config: TestStack["config"] = (values = {}) => [
    "--config-file",
    configFile,
    ...Object.entries({ ...(kubeconfig && { "kubernetes:kubeconfig": kubeconfig }), ...values }).flatMap(([key, value]) => [
      "-c",
      `${key}=${value}`,
    ]),
  ];
  const exported = async (): Promise<Deployment> => JSON.parse((await pulumi("stack", "export")).stdout).deployment;
  await pulumi("stack", "init", stackName);
  return {
    folder,
    pulumi,
    configFile,
    config,
    async state() {
      const own = (await exported()).resources?.filter(({ type }) => !type.startsWith("pulumi:")) ?? [];
      return Object.fromEntries(own.map((resource) => [nameOf(resource.urn), resource]));
    },
    async pendingOperations() {
      const pending = (await exported()).pending_operations ?? [];
      return pending.map(({ type, resource }) => `${type} ${nameOf(resource.urn)}`);
    },
    steps: async (values) => stepsOf((await pulumi("preview", "--json", ...config(values))).stdout),
    declare: (objects) => writeFileSync(join(place, "objects.json"), JSON.stringify(objects)),
    close() {
      serving?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The engine takes a plugin that it finds on the path before one that is installed. */
function pluginFolder(folder: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const main = join(projectRoot, "tools/kubernetes-provider/main.ts");
  writeFileSync(join(bin, "pulumi-resource-kubernetes"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, { mode: 0o755 });
  return bin;
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

function stepsOf(preview: string): Steps {
  const { steps } = JSON.parse(preview) as { steps: PreviewStep[] };
  // A replacement is three steps; the one called `replace` says it all.
  const told = steps.filter(({ op }) => !["same", "create-replacement", "delete-replaced"].includes(op));
  const named = told.map(({ urn, op, detailedDiff }) => {
    const changes = Object.entries(detailedDiff ?? {}).map(([path, { kind }]) => `${kind} ${path}`);
    return [nameOf(urn), [op, ...changes.sort()].join(", ")];
  });
  return Object.fromEntries(named);
}
