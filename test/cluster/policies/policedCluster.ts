import { expect } from "vitest";
import { newSimulatedCluster, type SimulatedCluster } from "../kubernetesProvider/simulatedCluster.ts";

/** Kinds that the tests' programs make. */
const kinds = "deployments,services,configmaps,secrets,poddisruptionbudgets,persistentvolumeclaims,prometheusrules.monitoring.coreos.com";

const namespaces = ["shop", "other"] as const;

/** A real API server of a test file's own, whose node pretends: what is looked at is what the API server was told. */
export class PolicedCluster {
  readonly #cluster: SimulatedCluster;

  private constructor(cluster: SimulatedCluster) {
    this.#cluster = cluster;
  }

  static async start(): Promise<PolicedCluster> {
    const cluster = await newSimulatedCluster();
    for (const namespace of namespaces) await cluster.kubectl("create", "namespace", namespace);
    await cluster.create(prometheusRules);
    await cluster.kubectl("wait", "--for=condition=Established", "crd/prometheusrules.monitoring.coreos.com");
    return new PolicedCluster(cluster);
  }

  /** What a stack sets to be here. */
  config(namespace: (typeof namespaces)[number] = "shop"): Record<string, string> {
    const { kubeconfig, context } = this.#cluster.cluster;
    return { "kubernetes:kubeconfig": kubeconfig, "kubernetes:context": context, "kubernetes:namespace": namespace };
  }

  /** Everything that the API server was told, and how often. */
  async objects(): Promise<unknown[]> {
    const { items } = JSON.parse(await this.#cluster.kubectl("get", kinds, "--all-namespaces", "-o", "json"));
    return items.map(({ kind, metadata, spec, data }: Told) => {
      const { name, namespace, uid, generation, labels, annotations } = metadata;
      return { kind, name, namespace, uid, generation, labels, annotations, spec, data };
    });
  }

  /** Runs an update that must be refused, and sees that the API server was told nothing. */
  async untouched<T>(update: () => Promise<T>): Promise<T> {
    const before = await this.objects();
    const said = await update();
    expect(await this.objects()).toEqual(before);
    return said;
  }

  close(): Promise<void> {
    return this.#cluster.close();
  }
}

interface Told {
  kind: string;
  metadata: Record<"name" | "namespace" | "uid" | "generation" | "labels" | "annotations", unknown>;
  spec: unknown;
  data: unknown;
}

/** As the Prometheus operator declares the kind, as far as names go. */
const prometheusRules = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "prometheusrules.monitoring.coreos.com" },
  spec: {
    group: "monitoring.coreos.com",
    scope: "Namespaced",
    names: { kind: "PrometheusRule", plural: "prometheusrules", singular: "prometheusrule" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};
