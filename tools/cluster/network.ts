/** The addresses inside a cluster's own network namespace. They exist nowhere else, so every cluster uses the same ones. */
export const network = {
  /** From TEST-NET-2 (RFC 5737): the node, the API server's advertised address and CoreDNS. */
  node: "198.51.100.1",
  uplink: "198.51.100.1/24",
  pods: "10.244.0.0/16",
  services: "10.96.0.0/16",
  /** The first address of `services`, where the API server puts its own Service. */
  kubernetesService: "10.96.0.1",
  domain: "cluster.local",
  apiPort: 6443,
} as const;

export const nodeName = "rollback-node";
