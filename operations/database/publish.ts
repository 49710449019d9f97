import { CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { ClusterPods } from "../../probes/clusterPods.ts";
import { DatabaseError } from "./errors.ts";

/** The cluster that a step runs in, as its service account may use it. */
function inCluster(): { config: KubeConfig; namespace: string } {
  const config = new KubeConfig();
  config.loadFromCluster();
  const [context] = config.getContexts();
  return { config, namespace: context?.namespace ?? "default" };
}

/** The pods of the step's namespace. */
export function podsHere(): ClusterPods {
  const { config, namespace } = inCluster();
  return new ClusterPods(config, namespace);
}

/**
 * Puts a step's result where the stack's program finds it: under the step's name in the ConfigMap that EVIDENCE names. Without EVIDENCE,
 * as when a person takes a step, nothing is put anywhere.
 * @throws DatabaseError where the API server does not take it.
 */
export async function publish(step: string, result: unknown, { EVIDENCE: name }: NodeJS.ProcessEnv): Promise<void> {
  if (!name) return;
  const { config, namespace } = inCluster();
  const body = { data: { [step]: JSON.stringify(result) } };
  try {
    await config
      .makeApiClient(CoreV1Api)
      .patchNamespacedConfigMap({ name, namespace, body }, setHeaderOptions("Content-Type", PatchStrategy.MergePatch));
  } catch (error) {
    throw new DatabaseError(`the step is done, and its evidence was not taken: ConfigMap ${name}: ${(error as Error).message}`);
  }
}
