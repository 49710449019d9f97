import { KubernetesProvider } from "../../../tools/kubernetes-provider/provider.ts";
import type { Reporter } from "../../../tools/kubernetes-provider/report.ts";
import type { Props } from "../../../tools/kubernetes-provider/values.ts";

export interface Told {
  /** `severity: message` of what stays on screen. */
  messages: string[];
  /** What was shown while it worked. */
  statuses: string[];
}

/** A configured provider, and what it tells. */
export async function configured(kubeconfig: string, identity?: string): Promise<{ provider: KubernetesProvider; told: Told }> {
  const told: Told = { messages: [], statuses: [] };
  const reporter: Reporter = {
    log: (_urn, severity, message) => told.messages.push(`${severity}: ${message}`),
    status: (_urn, message) => told.statuses.push(message),
  };
  const provider = new KubernetesProvider(reporter);
  await provider.configure({ kubeconfig }, identity);
  return { provider, told };
}

export function tokenOf(inputs: Props): string {
  const apiVersion = String(inputs.apiVersion);
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${inputs.kind}`;
}

/** Checked inputs of a resource named `thing`. */
export function checked(provider: KubernetesProvider, news: Props, olds: Props = {}, seed = new Uint8Array()): Promise<Props> {
  return provider.check({ urn: "urn", type: tokenOf(news), name: "thing", olds, news, seed });
}

/** The message of the error that a promise is rejected with. */
export async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no error",
    (error: Error) => error.message,
  );
}
