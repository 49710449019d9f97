/** How requests reach the service under drill. */

import type { RequestOptions } from "node:https";
import type { Route } from "../probes/request.ts";
import { startCluster } from "../tools/cluster/index.ts";
import { kubeConfig } from "./kube.ts";
import type { LoadTarget } from "./load.ts";

/** Opens the way for requests from this thread. On the person's own cluster that is the API server's service proxy. */
export async function openRoute({ cluster, namespace, service, clusterIP, port }: LoadTarget): Promise<Route> {
  if (cluster.kind === "context") {
    const config = kubeConfig(cluster);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const server = config.getCurrentCluster()?.server.replace(/\/$/, "");
    return { kind: "url", url: `${server}/api/v1/namespaces/${namespace}/services/${service}:${port}/proxy`, options };
  }
  const { dial } = await startCluster({ name: cluster.name });
  return { kind: "dial", host: service, dial: () => dial(clusterIP, port) };
}
