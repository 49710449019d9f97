import type { KubeClient } from "../client.ts";
import { builtInKind, groupOf, type KindInfo } from "../kinds.ts";
import { annotation, isTrue, type KubeObject } from "../objects.ts";
import type { Props } from "../values.ts";
import type { Awaiter } from "./awaiter.ts";
import { persistentVolumeClaim } from "./claim.ts";
import { untilTrue } from "./conditions.ts";
import { daemonSet, replicaSet, replicationController, statefulSet } from "./controllers.ts";
import { customResource, promisedCondition } from "./customResource.ts";
import { deployment } from "./deployment.ts";
import { gateway, route } from "./gateway.ts";
import { ingress } from "./ingress.ts";
import { customResourceDefinition, namespace, persistentVolume, resourceQuota, secret } from "./others.ts";
import { job, pod } from "./runs.ts";
import { service } from "./service.ts";
import { waitFor } from "./waitFor.ts";

const AWAITERS: Record<string, Awaiter> = {
  "/Namespace": namespace,
  "/PersistentVolume": persistentVolume,
  "/PersistentVolumeClaim": persistentVolumeClaim,
  "/Pod": pod,
  "/ReplicationController": replicationController,
  "/ResourceQuota": resourceQuota,
  "/Secret": secret,
  "/Service": service,
  "apiregistration.k8s.io/APIService": untilTrue("Available"),
  "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinition,
  "apps/DaemonSet": daemonSet,
  "apps/Deployment": deployment,
  "apps/ReplicaSet": replicaSet,
  "apps/StatefulSet": statefulSet,
  "batch/Job": job,
  "gateway.networking.k8s.io/Gateway": gateway,
  "gateway.networking.k8s.io/GatewayClass": untilTrue("Accepted"),
  ...Object.fromEntries(["HTTP", "GRPC", "TLS", "TCP", "UDP"].map((protocol) => [`gateway.networking.k8s.io/${protocol}Route`, route])),
  "networking.k8s.io/Ingress": ingress,
};

/** How an object's kind becomes ready; undefined for kinds of Kubernetes' own that are ready once the server has them. */
export function awaiterOf(object: KubeObject): Awaiter | undefined {
  const { apiVersion, kind } = object;
  const known = AWAITERS[`${groupOf(apiVersion)}/${kind}`];
  return known ?? (builtInKind(apiVersion, kind) ? undefined : customResource());
}

/** How an object that stands in state becomes ready, as far as it can tell by itself. */
export function refreshAwaiterOf(object: KubeObject, inputs: Props): Awaiter | undefined {
  if (isTrue(inputs, "pulumi.com/skipAwait")) return undefined;
  const awaiter = asked(inputs) ?? awaiterOf(object);
  return awaiter?.dependsOnOthers ? undefined : awaiter;
}

/**
 * How an object that was just applied becomes ready: as its annotations say, else as its kind does.
 * @param inputs without secret marks
 * @throws InputError where `pulumi.com/waitFor` is malformed
 */
export async function appliedAwaiterOf(
  client: KubeClient,
  kind: KindInfo,
  object: KubeObject,
  inputs: Props,
): Promise<Awaiter | undefined> {
  if (isTrue(inputs, "pulumi.com/skipAwait")) return undefined;
  const awaiter = asked(inputs) ?? AWAITERS[`${groupOf(object.apiVersion)}/${object.kind}`];
  if (awaiter || builtInKind(object.apiVersion, object.kind)) return awaiter;
  return customResource(await promisedCondition(client, kind));
}

function asked(inputs: Props): Awaiter | undefined {
  const text = annotation(inputs, "pulumi.com/waitFor");
  return text === undefined || text === "" ? undefined : waitFor(text);
}
