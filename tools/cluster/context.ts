import { createHash } from "node:crypto";
import { join } from "node:path";
import { workDir } from "../paths.ts";
import { writePrivate } from "./files.ts";
import { onlyContext, personalFiles } from "./person-kubeconfig.ts";
import { type Cluster, ClusterError } from "./types.ts";

const answerTimeout = 10_000;

/**
 * The person's own cluster: the named context of `$KUBECONFIG` or `~/.kube/config`, which is read and never written. What is handed
 * on is a copy (mode 600, in the checkout's work folder) with this one context. `dial` reaches services by name, through the API server.
 * Throws a ClusterError where the context does not exist or its cluster does not answer within 10 s.
 */
export async function useContext(context: string): Promise<Cluster> {
  const text = onlyContext(personalFiles(), context);
  const short = createHash("sha256").update(context).digest("hex").slice(0, 8);
  const kubeconfig = join(workDir, "kubeconfigs", `${context.replaceAll(/[^A-Za-z0-9._-]/g, "_")}-${short}`);
  writePrivate(kubeconfig, text);
  // Loaded only here: the client takes half a second.
  const [{ KubeConfig, VersionApi }, { servicesOf }] = await Promise.all([import("@kubernetes/client-node"), import("./port-forward.ts")]);
  const config = new KubeConfig();
  config.loadFromString(text);
  const server = config.getCurrentCluster()?.server;
  const unreachable = (why: string) =>
    new ClusterError(
      `the cluster of the context "${context}" (${server}) does not answer: ${why}.\n  Check it with: kubectl --context ${context} version`,
    );
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      config.makeApiClient(VersionApi).getCode(),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`nothing within ${answerTimeout / 1000} s`)), answerTimeout);
      }),
    ]);
  } catch (error) {
    throw unreachable(reasonOf(error));
  } finally {
    clearTimeout(timer);
  }
  return { name: context, kind: "context", kubeconfig, context, dial: servicesOf(config, context) };
}

/** The innermost cause has the words that help: refused, unknown host, wrong certificate. */
function reasonOf(error: unknown): string {
  let cause = error as Error;
  while (cause.cause instanceof Error) cause = cause.cause;
  return cause.message.split("\n")[0] ?? "";
}
