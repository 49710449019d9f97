import { existsSync, readFileSync } from "node:fs";
import type { KubeConfig } from "@kubernetes/client-node";
import { isObject } from "../../components/levers/scalars.ts";
import { OperatorError } from "../operatorError.ts";
import type { OpenStack } from "../stack/open.ts";

/** The way to a stack's cluster: the one that its file names, and no other. */
export interface ClusterAccess {
  config: KubeConfig;
  namespace: string;
  /** `kubectl` with what leads to the same place, as typed. */
  kubectl: string;
}

/** @throws {OperatorError} where the stack's file names none, or one that is not there. */
export async function accessCluster(stack: OpenStack): Promise<ClusterAccess> {
  const { config } = stack.document;
  const text = async (key: string): Promise<string | undefined> => {
    const value = config[`kubernetes:${key}`];
    if (!isObject(value)) return value === undefined ? undefined : String(value);
    return (await stack.pulumi.run(["config", "get", `kubernetes:${key}`])).stdout.trim();
  };
  if (config["kubernetes:renderYamlToDirectory"] !== undefined) {
    throw new OperatorError(`stack ${stack.name} has no cluster: it renders YAML into ${config["kubernetes:renderYamlToDirectory"]}`);
  }
  const [kubeconfig, context, namespace = "default"] = await Promise.all([text("kubeconfig"), text("context"), text("namespace")]);
  if (kubeconfig === undefined && context === undefined) {
    throw new OperatorError(
      `the file of stack ${stack.name} names no cluster, and none is used that was not named.\n    mend it with: pulumi config set kubernetes:context <context>`,
    );
  }
  // Loaded only here: the client takes a third of a second.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const loaded = new KubeConfig();
  const isFile = kubeconfig !== undefined && existsSync(kubeconfig);
  if (kubeconfig === undefined) loaded.loadFromDefault();
  else loaded.loadFromString(isFile ? readFileSync(kubeconfig, "utf8") : kubeconfig);
  if (context !== undefined) {
    if (!loaded.getContextObject(context)) throw new OperatorError(`kubernetes:context: there is no context ${context} in the kubeconfig`);
    loaded.setCurrentContext(context);
  }
  const flags = [...(isFile ? ["--kubeconfig", kubeconfig] : []), ...(context ? ["--context", context] : []), "--namespace", namespace];
  return { config: loaded, namespace, kubectl: ["kubectl", ...flags].join(" ") };
}
