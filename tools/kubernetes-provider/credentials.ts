import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import type { Connection, ConnectionOptions } from "./connection.ts";

/**
 * Credentials that a program or an identity provider hands out (GKE, EKS, AKS, OIDC): the official client knows how.
 * A module of its own because loading that client takes longer than everything else the provider does at start.
 */
export async function pluginCredentials(
  kubeconfigs: string[],
  options: ConnectionOptions,
  context: string,
  tls: Connection["tls"],
): Promise<Pick<Connection, "tls" | "headers">> {
  const config = new KubeConfig();
  for (const text of kubeconfigs) {
    const part = new KubeConfig();
    part.loadFromString(text);
    config.mergeConfig(part, true);
  }
  const { cluster } = options;
  if (cluster) config.contexts = config.contexts.map((item) => (item.name === context ? { ...item, cluster } : item));
  config.setCurrentContext(context);

  // The client caches what it was given until that expires.
  const ask = async (): Promise<RequestOptions> => {
    const request: RequestOptions = {};
    await config.applyToHTTPSOptions(request);
    return request;
  };
  const first = await ask();
  return {
    tls: { ...tls, cert: first.cert ?? tls.cert, key: first.key ?? tls.key } as Connection["tls"],
    headers: async () => (await ask()).headers as Record<string, string>,
  };
}
