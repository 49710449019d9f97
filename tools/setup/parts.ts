import type { Part, PartName } from "./part.ts";
import { actionlint } from "./parts/actionlint.ts";
import { coredns } from "./parts/coredns.ts";
import { debian } from "./parts/debian.ts";
import { etcd } from "./parts/etcd.ts";
import { gatewayApi } from "./parts/gateway-api.ts";
import { helm } from "./parts/helm.ts";
import { kubectl, kubernetes } from "./parts/kubernetes.ts";
import { kubernetesProvider } from "./parts/kubernetes-provider.ts";
import { kwok } from "./parts/kwok.ts";
import { languageHost } from "./parts/language-host.ts";
import { node } from "./parts/node.ts";
import { pause } from "./parts/pause.ts";
import { policies } from "./parts/policies.ts";
import { promtool } from "./parts/promtool.ts";
import { pulumi } from "./parts/pulumi.ts";
import { rollbackCommand } from "./parts/rollback-command.ts";
import { stores } from "./parts/stores.ts";
import { traefik } from "./parts/traefik.ts";

/** In the order they are started in: the long ones first, each after those that its making waits for. */
const all: Part[] = [
  debian,
  node,
  kubernetes,
  pulumi,
  etcd,
  kubectl,
  coredns,
  pause,
  kwok,
  helm,
  traefik,
  gatewayApi,
  promtool,
  stores,
  actionlint,
  languageHost,
  kubernetesProvider,
  policies,
  rollbackCommand,
];

export const parts = Object.fromEntries(all.map((part) => [part.name, part])) as Record<PartName, Part>;

/** The parts and everything they need, in the order to start them. */
export function withNeeds(names: Iterable<PartName>): Part[] {
  const wanted = new Set<PartName>();
  const add = (name: PartName): void => {
    wanted.add(name);
    for (const need of parts[name].needs ?? []) add(need);
  };
  for (const name of names) add(name);
  return all.filter(({ name }) => wanted.has(name));
}
