/** The plan's probes from outside the cluster, through its API server. */

import { configAt } from "../components/levers/pulled.ts";
import type { Level, Probe } from "../components/plan/plan.ts";
import { verificationOf } from "../components/plan/verification.ts";
import type { ProbeResult } from "../probes/context.ts";
import { runProbe } from "../probes/probe.ts";
import { accessCluster } from "./cluster/access.ts";
import { servicePort, ThroughServer } from "./cluster/throughServer.ts";
import type { OpenStack } from "./stack/open.ts";

/** As a drill's: without an answer for so long, a request counts as dropped. */
const timeoutMs = 10_000;
/** What an update made takes a moment to reach every node. */
const requestPatienceMs = 15_000;

export interface Looking {
  level?: Level | undefined;
  /** Which of the probes; default all. */
  only?: (probe: Probe) => boolean;
  levers: Record<string, unknown>;
  /** Told of each probe when it has ended. */
  onResult: (result: ProbeResult) => void;
  signal: AbortSignal;
}

/** Runs the plan's probes, and the level's. @throws {OperatorError} where there is no way into the cluster. */
export async function verifyFromOutside(
  stack: OpenStack,
  { level, only = () => true, levers, onResult, signal }: Looking,
): Promise<ProbeResult[]> {
  const { plan } = stack;
  const access = await accessCluster(stack);
  const { ClusterPods } = await import("../probes/clusterPods.ts");
  const context = {
    kube: new ClusterPods(access.config, access.namespace),
    send: (await ThroughServer.make(access)).toService(plan.service.name, servicePort),
    container: plan.service.container,
    timeoutMs,
    signal,
    leverValue: async (path: string) => String(configAt(levers, path)),
  };
  const settleMs = (plan.service.preStopSeconds + plan.service.shutdownSeconds + 15) * 1000;
  const patience = { requests: Date.now() + requestPatienceMs, cluster: Date.now() + settleMs };
  const results: ProbeResult[] = [];
  for (const probe of verificationOf(plan, reachable(level)).filter(only)) {
    const result = await runProbe(probe, context, patience);
    onResult(result);
    results.push(result);
  }
  return results;
}

/** What only a Gateway's route does to requests cannot be seen through the API server. */
const reachable = (level: Level | undefined): Level | undefined =>
  level?.traffic === "gateway" ? { ...level, verification: level.verification.filter((probe) => !("path" in probe)) } : level;
