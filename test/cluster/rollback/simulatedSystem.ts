import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import type { ReleaseRecord } from "../../../components/releaseRecord.ts";
import { drillConfig } from "../../../drill/stack.ts";
import { plans } from "../../../stacks/plans.ts";
import { pulumiEnvironment } from "../../../tools/environment.ts";
import { cacheRoot, projectRoot } from "../../../tools/paths.ts";
import { Checkout } from "../../engine/checkout.ts";
import type { SimulatedCluster } from "../kubernetesProvider/simulatedCluster.ts";

export const image = (digit: string): string => `registry.example/app@sha256:${digit.repeat(64)}`;

/** One of the systems in its before state, in a namespace of a simulated cluster, verified once. */
export class SimulatedSystem {
  readonly #checkout = new Checkout();
  readonly #name: string;
  readonly #cluster: SimulatedCluster;

  private constructor(name: string, cluster: SimulatedCluster) {
    this.#name = name;
    this.#cluster = cluster;
  }

  static async make(name: string, cluster: SimulatedCluster): Promise<SimulatedSystem> {
    const system = new SimulatedSystem(name, cluster);
    const plan = await plans[name]?.();
    if (!plan) throw new Error(`there is no plan ${name}`);
    await cluster.kubectl("create", "namespace", name);
    const committed = parse(system.#file(name)).config;
    await system.well("stack", "init");
    for (const [provider, { credentials }] of Object.entries(plan.providers.known)) {
      for (const key of Object.keys(credentials))
        await system.well("config", "set", "--secret", "--path", `credentials.${provider}.${key}`, "a-key");
    }
    const { encryptionsalt, config: secrets } = parse(system.#file());
    const images = { previous: image("1"), current: image("2"), operations: image("9") };
    const config = drillConfig(committed, { plan, stack: name, images, cluster: cluster.cluster, environment: {} }, secrets);
    system.#checkout.write(`stacks/Pulumi.${system.#stack}.yaml`, stringify({ encryptionsalt, config }));
    await system.well("up", "--yes", "--skip-preview");
    return system;
  }

  get #stack(): string {
    return `${this.#name}-test`;
  }

  /** The stack's config, but for what is said of the last change, and maps that are empty, which say nothing. */
  levers(): Record<string, unknown> {
    const { "rollback-stacks:change": _, ...config } = parse(this.#file()).config;
    return Object.fromEntries(Object.entries(config).filter(([, value]) => JSON.stringify(value) !== "{}"));
  }

  /** What the last verified update was made of; since when each part of it is out is not a part of it. */
  async record(): Promise<Omit<ReleaseRecord, "exposure" | "tasks">> {
    const { exposure: _, tasks: __, ...record } = JSON.parse((await this.well("stack", "output", "release", "--json")).stdout);
    return record;
  }

  /** What the API server was told of every Deployment, Service and route. */
  async running(): Promise<unknown[]> {
    const { items } = JSON.parse(await this.#cluster.kubectl("get", "deployments,services", "--namespace", this.#name, "-o", "json"));
    return items.map(({ kind, metadata, spec }: { kind: string; metadata: { name: string }; spec: unknown }) => ({
      kind,
      name: metadata.name,
      spec,
    }));
  }

  /** `canary.weight=50`; nothing after the sign takes the lever away. */
  async set(lever: string): Promise<void> {
    const at = lever.indexOf("=");
    const [path, value] = [lever.slice(0, at), lever.slice(at + 1)];
    await this.well("config", ...(value === "" ? ["rm", "--path", path] : ["set", "--path", path, value]));
  }

  /** `pulumi <args>`, however it ends. */
  pulumi(...args: string[]) {
    return this.#checkout.pulumi(["--stack", this.#stack, ...args]);
  }

  /** `pulumi <args>`. Rejects where it does not end well. */
  async well(...args: string[]) {
    const run = await this.pulumi(...args);
    if (run.exitCode !== 0) throw new Error(`pulumi ${args.join(" ")}: ${run.all}`);
    return run;
  }

  rollback(...args: string[]) {
    const { folder } = this.#checkout;
    const env = pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: folder }, stateDir: folder });
    return execa("node", [join(projectRoot, "tools/main.ts"), "rollback", ...args], {
      cwd: folder,
      env: { ...env, ROLLBACK_STACKS_CACHE: cacheRoot, PULUMI_STACK: this.#stack },
      extendEnv: false,
      reject: false,
    });
  }

  remove(): void {
    this.#checkout.remove();
  }

  #file(stack = this.#stack): string {
    return readFileSync(join(this.#checkout.folder, `stacks/Pulumi.${stack}.yaml`), "utf8");
  }
}
