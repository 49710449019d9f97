import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { standInEnvironment } from "../../../demo/manifests.ts";
import { applyStandIn } from "../../../drill/ground.ts";
import { drillImages } from "../../../drill/images.ts";
import { Kube, kubeConfig } from "../../../drill/kube.ts";
import { drillConfig } from "../../../drill/stack.ts";
import plan from "../../../stacks/mindmend.ts";
import type { Cluster } from "../../../tools/cluster/index.ts";
import { pulumiEnvironment } from "../../../tools/environment.ts";
import { binDir, cacheRoot, projectRoot } from "../../../tools/paths.ts";
import { Checkout } from "../../engine/checkout.ts";
import { type SharedCluster, shareCluster } from "../sharedCluster.ts";
import { holder } from "../stackLock.ts";

const stack = "mindmend-test";

/** mindmend on the real node in its before state, in a checkout, with a state and a namespace of its own. */
export class RollbackSystem {
  readonly checkout = new Checkout();
  readonly namespace = `rollback-test-${process.pid}`;
  readonly stack = stack;
  /** Of every provider. */
  readonly apiKey = "a-key-of-nobody";
  kubeconfig = "";
  private shared: SharedCluster | undefined;

  /** @param way By which the stack's engine and commands reach the cluster that a kubeconfig leads to; default: that very one. */
  static async make(
    way: (cluster: Cluster) => Promise<{ kubeconfig: string; context: string }> = async (cluster) => cluster,
  ): Promise<RollbackSystem> {
    const system = new RollbackSystem();
    system.shared = await shareCluster();
    const { cluster } = system.shared;
    system.kubeconfig = cluster.kubeconfig;
    const images = await drillImages(cluster);
    await system.kube.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: system.namespace } }]);
    await applyStandIn(system.kube, images.current);
    await system.pulumi("stack", "init", stack);
    for (const provider of ["openai", "gemini"])
      await system.pulumi("config", "set", "--secret", "--path", `credentials.${provider}.apiKey`, system.apiKey);
    const { encryptionsalt, config: secrets } = parse(system.file());
    const committed = parse(readFileSync(join(projectRoot, "stacks/Pulumi.mindmend.yaml"), "utf8")).config;
    const config = drillConfig(
      committed,
      {
        plan,
        stack: system.namespace,
        images,
        cluster: await way(cluster),
        environment: standInEnvironment,
        // Nobody approves what a test undoes.
        levers: { environment: "development" },
      },
      secrets,
    );
    system.checkout.write(`stacks/Pulumi.${stack}.yaml`, stringify({ encryptionsalt, config }));
    await system.pulumi("up", "--yes", "--skip-preview");
    return system;
  }

  get kube(): Kube {
    return new Kube(kubeConfig({ kubeconfig: this.kubeconfig, context: "rollback-stacks-default" }), this.namespace);
  }

  /** The stack's file. */
  file(): string {
    return readFileSync(join(this.checkout.folder, `stacks/Pulumi.${stack}.yaml`), "utf8");
  }

  env(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
    const { folder } = this.checkout;
    const own = pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: folder }, stateDir: folder });
    return { ...own, ROLLBACK_STACKS_CACHE: cacheRoot, PULUMI_STACK: stack, ...extra };
  }

  /** Rejects where it does not end well. */
  pulumi(...args: string[]) {
    return execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
      cwd: this.checkout.folder,
      env: this.env(),
      extendEnv: false,
    });
  }

  kubectl(...args: string[]) {
    return execa(join(binDir, "kubectl"), ["--kubeconfig", this.kubeconfig, "--namespace", this.namespace, ...args]);
  }

  /** `rollback <args>` without a terminal; what it printed is told apart from what it said on the way. */
  rollback(args: string[], from = this.checkout.folder) {
    mkdirSync(from, { recursive: true });
    return execa("node", [join(projectRoot, "tools/main.ts"), "rollback", ...args], {
      cwd: from,
      env: this.env(),
      extendEnv: false,
      reject: false,
    });
  }

  /** The process of the update that holds the stack's lock. */
  holder(): Promise<number> {
    return holder(join(this.checkout.folder, `state/.pulumi/locks/organization/rollback-stacks/${stack}`));
  }

  /** A screen with zeros for everything that differs from run to run, so that its columns stay where they are. */
  normal(screen: string): string {
    const zeros = (found: string) => found.replaceAll(/[0-9a-f]/g, "0");
    return screen
      .replaceAll(this.kubeconfig, "KUBECONFIG")
      .replaceAll(this.namespace, "NAMESPACE")
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, zeros)
      .replaceAll(/ UTC {2}\d+ s +/g, " UTC  00 s  ")
      .replaceAll(/\d+ (s|min) ago/g, "00 s ago")
      .replaceAll(/safe after \d+ s/g, "safe after 0.0 s")
      .replaceAll(/\d+\.\d s/g, "0.0 s")
      .replaceAll(/(?<=sha256:|@)[0-9a-f]{12,64}/g, zeros)
      .replaceAll(/\b[0-9a-f]{8,10}(-[a-z0-9]{5})?\b/g, "0000000000")
      .replaceAll(/\d{8}T\d{6}Z/g, zeros)
      .replaceAll(/\d+ KiB/g, "0 KiB")
      .replaceAll(/process \d+( of [^)]+)?/g, "process 0000")
      .trimEnd();
  }

  async close(): Promise<void> {
    await this.shared?.leave(this.kube);
    this.checkout.remove();
  }
}
