import { IAMMember } from "@pulumi/gcp/serviceaccount/iammember.js";
import * as pulumi from "@pulumi/pulumi";

/** The pods that run as a Kubernetes service account. */
export interface Actors {
  /** The cluster's project: its workload identity pool vouches for the pods. */
  project: string;
  namespace: pulumi.Input<string>;
  /** Name of the Kubernetes service account. */
  serviceAccountName: string;
}

/**
 * What is needed of Google Cloud's `Account`. Not the type itself: the package's own types do without Google Cloud's SDK, which few who
 * install it have.
 */
interface ServiceAccount {
  name: pulumi.Output<string>;
  email: pulumi.Output<string>;
}

/** The annotation of a Kubernetes service account whose pods act as this one. */
export const actingAs = ({ email }: ServiceAccount) => ({ "iam.gke.io/gcp-service-account": email });

/** Lets pods act as a service account, without a key (Workload Identity Federation for GKE). */
export function letActAs(
  name: string,
  account: ServiceAccount,
  { project, namespace, serviceAccountName }: Actors,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new IAMMember(
    name,
    {
      serviceAccountId: account.name,
      role: "roles/iam.workloadIdentityUser",
      member: pulumi.interpolate`serviceAccount:${project}.svc.id.goog[${namespace}/${serviceAccountName}]`,
    },
    opts,
  );
}
