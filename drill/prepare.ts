/** Everything before the first lever: parts, cluster, image, stand-in, stack, and the before state. */

import type { Level, Plan } from "../components/plan/plan.ts";
import { standInEnvironment } from "../demo/manifests.ts";
import { upArguments } from "../pulumi/levers.ts";
import type { Pulumi } from "../pulumi/pulumi.ts";
import { ensure, gatewayParts, storeParts } from "../tools/setup/index.ts";
import type { Progress } from "../tools/setup/progress.ts";
import { hasDatabaseOn, openDatabase } from "./database.ts";
import { hostOf, openGateway, trafficFor } from "./gateway.ts";
import { applyStandIn, openCluster, partsFor } from "./ground.ts";
import { drillImages } from "./images.ts";
import { IntegrityQueries } from "./integrity.ts";
import { Kube, kubeConfig } from "./kube.ts";
import type { LevelContext } from "./level.ts";
import type { LoadTarget } from "./load.ts";
import type { Ground } from "./outcome.ts";
import { own, upDespiteDeadLock } from "./ownership.ts";
import type { Rehearsal } from "./rehearse.ts";
import { openRoute } from "./route.ts";
import { SavedRowsBook } from "./savedRows.ts";
import { configureStack, stackName } from "./stack.ts";

/** Requests a second: above the fifty that a drill promises. */
export const rate = 60;

/** A request without an answer for so long counts as dropped. */
export const timeoutMs = 10_000;

export interface Preparation {
  plan: Plan;
  /** Those that will be drilled. */
  levels: readonly Level[];
  ground: Ground;
  /** Whether the system has its database and cache. */
  data: boolean;
  /** Bytes that its database is filled to; undefined: it begins empty. */
  databaseSize: number | undefined;
  context: string | undefined;
  pulumi: Pulumi;
  progress: Progress;
  step: LevelContext["step"];
  signal: AbortSignal;
}

export type Prepared = LevelContext & Pick<Rehearsal, "gateway">;

/** Brings the system to its before state. Throws at the first step that fails, and when interrupted. */
export async function prepare({
  plan,
  levels,
  ground,
  data,
  databaseSize,
  context,
  pulumi,
  progress,
  step,
  signal,
}: Preparation): Promise<Prepared> {
  const next: LevelContext["step"] = (name, work) => {
    signal.throwIfAborted();
    return step(name, work);
  };
  const throughGateway = levels.some(({ traffic }) => traffic === "gateway");
  await ensure(
    [...partsFor[ground], ...(throughGateway ? gatewayParts : []), ...(data && hasDatabaseOn(ground, plan) ? storeParts : [])],
    progress,
  );
  const cluster = await next("cluster", (report) => openCluster(ground, context, report));
  const images = await next("images of the demo and of operations", () => drillImages(cluster));
  const namespace = stackName(plan.system);
  const kube = new Kube(kubeConfig(cluster), namespace);
  await next(`stack and namespace ${namespace}`, () => own(namespace, kube, pulumi));
  if (cluster.kind !== "simulated") await next("stand-in for the AI providers", () => applyStandIn(kube, images.current));
  const database =
    data && hasDatabaseOn(ground, plan)
      ? await next("stores", (report) => openDatabase(kube, cluster, plan, images.current, { size: databaseSize, report }))
      : undefined;
  const gateway = throughGateway ? await next("Gateway", () => openGateway(cluster)) : undefined;
  const levers = { traffic: gateway && trafficFor(plan.system), ...database?.levers };
  await next(`config of ${namespace}`, () =>
    configureStack(pulumi, { plan, stack: namespace, images, cluster, environment: standInEnvironment, levers }),
  );
  await next(`pulumi ${upArguments.join(" ")}, to the before state`, () => upDespiteDeadLock(pulumi));
  signal.throwIfAborted();
  const saved = database
    ? { database, rows: new SavedRowsBook(database.lookup), integrity: new IntegrityQueries(plan, database.ask) }
    : null;
  const common = { deployment: null, plan, pulumi, kube, data: saved, timeoutMs, signal, step };
  const { kind, name, kubeconfig } = cluster;
  if (kind === "simulated") return { ...common, traffic: null, gateway: null };
  const reach = async (address: Pick<LoadTarget, "service" | "clusterIP" | "port">) => {
    const target = { cluster: { kind, name, kubeconfig, context: cluster.context }, namespace, ...address };
    return { target, route: await openRoute(target), rate };
  };
  const { name: service } = plan.service;
  const { clusterIP, port } = await kube.service(service);
  return {
    ...common,
    traffic: await reach({ service, clusterIP, port }),
    gateway: gateway ? await reach({ ...gateway, service: hostOf(plan.system) }) : null,
  };
}
