/** The ground a drill stands on: which cluster, what of it is real, and the stand-in providers on it. */

import { changesDatabase } from "../components/levers/elsewhere.ts";
import type { Level, Plan } from "../components/plan/plan.ts";
import { standInManifests, standInName } from "../demo/manifests.ts";
import { startCluster, useContext } from "../tools/cluster/index.ts";
import type { Cluster } from "../tools/cluster/types.ts";
import { contextParts, nodeParts, type PartName, simulatedParts, whyNoNode } from "../tools/setup/index.ts";
import type { Kube } from "./kube.ts";
import type { DrillOptions } from "./options.ts";
import type { Ground } from "./outcome.ts";

/** The ground for what was asked, and the drill's first line: what is real on it. */
export function chooseGround({ context, simulated }: Pick<DrillOptions, "context" | "simulated">): { ground: Ground; reality: string } {
  if (context !== undefined) {
    return {
      ground: "context",
      reality: `Real: your cluster (context ${context}), Pulumi's engine, the pods and the traffic. Stand-in: the AI providers.`,
    };
  }
  const why = simulated ? "as asked" : whyNoNode();
  if (why !== undefined) {
    return {
      ground: "simulated",
      reality: `Simulated (${why}): the engine, the API server, levers, order and awaits are real; no pod runs and no request is sent.`,
    };
  }
  return {
    ground: "node",
    reality: "Real: a Kubernetes node on this machine, Pulumi's engine, the pods and the traffic. Stand-in: the AI providers.",
  };
}

const onNodeOnly = "which a drill sets up on the project's own node only";

/** Why a level cannot be drilled on a ground; nothing where it can. */
function whyNot(plan: Plan, level: Level, ground: Ground, data: boolean): string | undefined {
  const onNode = ground === "node";
  if (!onNode && level.traffic === "gateway") return `drilled through a Gateway, ${onNodeOnly}`;
  if (!changesDatabase(level) || (onNode && data)) return undefined;
  return onNode ? `drilled with a database: npm run drill -- ${plan.system} --data` : `drilled with a database, ${onNodeOnly}`;
}

/** Those of the levels that can be drilled on a ground. Throws where one that cannot be was `named`; others are left out, and told. */
export function onGround(
  plan: Plan,
  names: readonly string[],
  ground: Ground,
  { named, data }: { named: boolean; data: boolean },
): string[] {
  const left = names.flatMap((name) => {
    const why = whyNot(plan, plan.levels[name] as Level, ground, data);
    return why === undefined ? [] : [{ name, why }];
  });
  if (named && left.length > 0) throw new Error(left.map(({ name, why }) => `${name}: ${why}`).join("\n"));
  for (const { name, why } of left) console.log(`Left out: ${name}: ${why}.`);
  return names.filter((name) => !left.some((one) => one.name === name));
}

/** The parts of the toolchain that each ground needs. */
export const partsFor: Record<Ground, readonly PartName[]> = { node: nodeParts, context: contextParts, simulated: simulatedParts };

export function openCluster(ground: Ground, context: string | undefined, report: (line: string) => void): Promise<Cluster> {
  if (ground === "context" && context !== undefined) return useContext(context);
  return startCluster({ simulated: ground === "simulated", name: ground === "simulated" ? "simulated" : "default", report });
}

/** The AI providers' stand-in beside the service. */
export async function applyStandIn(kube: Kube, image: string): Promise<void> {
  await kube.apply(standInManifests(kube.namespace, image));
  await kube.deploymentReady(standInName, 60_000);
}
