/** Everything before the first lever: parts, cluster, image, stand-in, stack, and the before state. */

import type { Plan } from "../components/plan/plan.ts";
import { standInEnvironment } from "../demo/manifests.ts";
import { ensure } from "../tools/setup/index.ts";
import type { Progress } from "../tools/setup/progress.ts";
import { applyStandIn, drillImages, openCluster, partsFor } from "./ground.ts";
import { Kube, kubeConfig } from "./kube.ts";
import type { LevelContext } from "./level.ts";
import { upArguments } from "./levers.ts";
import type { Ground } from "./outcome.ts";
import { own, upDespiteDeadLock } from "./ownership.ts";
import type { Pulumi } from "./pulumi.ts";
import { openRoute } from "./route.ts";
import { configureStack, stackName } from "./stack.ts";

/** Requests a second: above the fifty that a drill promises. */
export const rate = 60;

/** A request without an answer for so long counts as dropped. */
export const timeoutMs = 10_000;

export interface Preparation {
  plan: Plan;
  ground: Ground;
  context: string | undefined;
  pulumi: Pulumi;
  progress: Progress;
  step: LevelContext["step"];
  signal: AbortSignal;
}

/** Brings the system to its before state. Throws at the first step that fails, and when interrupted. */
export async function prepare({ plan, ground, context, pulumi, progress, step, signal }: Preparation): Promise<LevelContext> {
  const next: LevelContext["step"] = (name, work) => {
    signal.throwIfAborted();
    return step(name, work);
  };
  await ensure(partsFor[ground], progress);
  const cluster = await next("cluster", (report) => openCluster(ground, context, report));
  const images = await next("images of the demo and of operations", () => drillImages(cluster));
  const namespace = stackName(plan.system);
  const kube = new Kube(kubeConfig(cluster), namespace);
  await next(`stack and namespace ${namespace}`, () => own(namespace, kube, pulumi));
  if (cluster.kind !== "simulated") await next("stand-in for the AI providers", () => applyStandIn(kube, images.current));
  await next(`config of ${namespace}`, () =>
    configureStack(pulumi, { plan, stack: namespace, images, cluster, environment: standInEnvironment }),
  );
  await next(`pulumi ${upArguments.join(" ")}, to the before state`, () => upDespiteDeadLock(pulumi));
  signal.throwIfAborted();
  const { kind, name, kubeconfig } = cluster;
  if (kind === "simulated") return { plan, pulumi, kube, traffic: null, timeoutMs, signal, step };
  const { clusterIP, port } = await kube.service(plan.service.name);
  const target = {
    cluster: { kind, name, kubeconfig, context: cluster.context },
    namespace,
    service: plan.service.name,
    clusterIP,
    port,
  };
  return { plan, pulumi, kube, traffic: { target, route: await openRoute(target), rate }, timeoutMs, signal, step };
}
