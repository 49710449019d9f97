/** Where the benchmark runs: the project's node with the stand-in providers, and a stack of its own. */

import { type Lever, leverArguments } from "../components/levers/commands.ts";
import type { Plan } from "../components/plan/plan.ts";
import { standInEnvironment } from "../demo/manifests.ts";
import { applyStandIn, openCluster } from "../drill/ground.ts";
import { drillImages } from "../drill/images.ts";
import { Kube, kubeConfig } from "../drill/kube.ts";
import type { LoadTarget } from "../drill/load.ts";
import { disown, own, upDespiteDeadLock } from "../drill/ownership.ts";
import { configureStack, type StackChoices } from "../drill/stack.ts";
import { upArguments } from "../pulumi/levers.ts";
import { Pulumi } from "../pulumi/pulumi.ts";
import mindmend from "../stacks/mindmend.ts";
import type { Cluster } from "../tools/cluster/types.ts";
import { pulumiEnvironment } from "../tools/environment.ts";
import { projectRoot } from "../tools/paths.ts";

/** Git-ignored as a drill's stack is. */
export const stack = "mindmend-bench-drill";

/** How long every new pod warms up, for every contestant. */
export const warmUpSeconds = 8;

export class BenchGround {
  readonly cluster: Cluster;
  readonly kube: Kube;
  readonly images: StackChoices["images"];
  readonly pulumi: Pulumi;
  readonly plan: Plan = mindmend;

  private constructor(cluster: Cluster, kube: Kube, images: StackChoices["images"]) {
    this.cluster = cluster;
    this.kube = kube;
    this.images = images;
    this.pulumi = new Pulumi({ cwd: projectRoot, env: pulumiEnvironment(), stack, onLine: () => {} });
  }

  static async open(report: (line: string) => void): Promise<BenchGround> {
    const cluster = await openCluster("node", undefined, report);
    report("loading the images");
    const images = await drillImages(cluster);
    const kube = new Kube(kubeConfig(cluster), stack);
    const ground = new BenchGround(cluster, kube, images);
    await own(stack, kube, ground.pulumi);
    report("starting the stand-in for the AI providers");
    await applyStandIn(kube, images.current);
    return ground;
  }

  /**
   * Brings the stack to these levers and waits until it is there.
   * @param verified whether updates verify what they did, which neither kubectl nor helm does; pods then start as the plan says
   */
  async bringTo(levers: StackChoices["levers"], { verified = false } = {}): Promise<void> {
    const { plan, images, cluster } = this;
    const choices = { plan, stack, cluster, environment: standInEnvironment };
    await configureStack(
      this.pulumi,
      verified
        ? { ...choices, images, levers }
        : { ...choices, images: { ...images, operations: undefined }, levers: { ...levers, settings: { warmUpSeconds } } },
    );
    await upDespiteDeadLock(this.pulumi);
  }

  /** What a person types. */
  async pull(lever: Lever): Promise<void> {
    await this.pulumi.run(leverArguments(lever));
    await this.pulumi.run(upArguments);
  }

  async target(service: string): Promise<LoadTarget> {
    const { name, kubeconfig, context } = this.cluster;
    const { clusterIP, port } = await this.kube.service(service);
    return { cluster: { name, kind: "node", kubeconfig, context }, namespace: stack, service, clusterIP, port };
  }
}

/** Nothing of the benchmark is left. */
export const closeGround = ({ kube, pulumi }: BenchGround): Promise<void> => disown(stack, kube, pulumi);
