import { AppsV1Api, CoreV1Api, type V1Deployment, type V1Pod, type V1Service } from "@kubernetes/client-node";
import { isPresent } from "../../probes/podState.ts";
import { OperatorError } from "../operatorError.ts";
import type { ClusterAccess } from "./access.ts";
import { reason, within } from "./within.ts";

/** What a stack's namespace holds at this moment. */
export interface Live {
  deployments: V1Deployment[];
  services: V1Service[];
  pods: V1Pod[];
  /** The last lines of the app's pods, by pod. */
  logs: Record<string, string>;
}

/** A cluster that says nothing for so long is not reached. */
const patienceMs = 5000;
const logLines = 200;
const logSeconds = 600;

/** @throws {OperatorError} where the cluster does not answer. */
export async function readLive({ config, namespace, kubectl }: ClusterAccess, app: { name: string; container: string }): Promise<Live> {
  const [apps, core] = [config.makeApiClient(AppsV1Api), config.makeApiClient(CoreV1Api)];
  try {
    return await within(patienceMs, async () => {
      const [deployments, services, pods] = await Promise.all([
        apps.listNamespacedDeployment({ namespace }),
        core.listNamespacedService({ namespace }),
        core.listNamespacedPod({ namespace }),
      ]);
      const own = pods.items.filter((pod) => pod.metadata?.labels?.app === app.name && isPresent(pod));
      const logs = await Promise.all(
        own.map(async (pod) => {
          const name = pod.metadata?.name ?? "";
          const said = { name, namespace, container: app.container, tailLines: logLines, sinceSeconds: logSeconds };
          // A container that has not started has no log.
          return [name, await core.readNamespacedPodLog(said).catch(() => "")] as const;
        }),
      );
      return { deployments: deployments.items, services: services.items, pods: pods.items, logs: Object.fromEntries(logs) };
    });
  } catch (error) {
    throw new OperatorError(`the cluster does not answer: ${reason(error)}\n    check it with: ${kubectl} get pods`);
  }
}
