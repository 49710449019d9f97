import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Plan } from "./plan/plan.ts";

export interface NetworkArgs {
  app: string;
  network: NonNullable<Plan["network"]>;
  /** The Gateway's namespace; nothing where that is the stack's own, or there is no Gateway. */
  gatewayNamespace: string | undefined;
}

const ownNamespace = { podSelector: {} };
const namespace = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });

/** What the pods of a system are let talk with: requests from its own, its Gateway's and the plan's namespaces; out to what the plan names. */
export function makeNetworkPolicy({ app, network, gatewayNamespace }: NetworkArgs, opts: pulumi.CustomResourceOptions): NetworkPolicy {
  const from = [...new Set([...(gatewayNamespace ? [gatewayNamespace] : []), ...network.from])];
  return new NetworkPolicy(
    app,
    {
      metadata: { name: app, labels: { app } },
      spec: {
        podSelector: { matchLabels: { app } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [ownNamespace, ...from.map(namespace)], ports: [{ port: "http", protocol: "TCP" }] }],
        egress: [
          { to: [ownNamespace] },
          {
            ports: [
              { port: 53, protocol: "UDP" },
              { port: 53, protocol: "TCP" },
              { port: 443, protocol: "TCP" },
            ],
          },
          ...network.to.map(({ cidr, port }) => ({ to: [{ ipBlock: { cidr } }], ports: [{ port, protocol: "TCP" }] })),
        ],
      },
    },
    opts,
  );
}
