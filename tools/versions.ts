/**
 * The pinned versions of everything that is not an npm dependency. `go.mod` in `tools/go/<module>` repeats those that can be
 * built from source; a unit test holds the two together.
 */
export const versions = {
  /** Oldest Node that runs this project's TypeScript without a build step. */
  nodeMajor: 24,
  pulumi: "3.259.0",
  kubernetesProvider: "4.28.0",
  kubernetes: "1.35.4",
  etcd: "3.7.3",
  coredns: "1.15.0",
  kwok: "0.8.0",
  helm: "3.22.0",
  gatewayApi: "1.6.3",
  traefik: "3.7.13",
  prometheus: "2.42.0",
  actionlint: "1.7.12",
} as const;
