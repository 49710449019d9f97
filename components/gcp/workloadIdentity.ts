import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import * as pulumi from "@pulumi/pulumi";
import { actingAs, letActAs } from "./actAs.ts";
import { projectWide } from "./names.ts";

export interface WorkloadIdentityArgs {
  system: string;
  /** The cluster's project: its workload identity pool vouches for the pods. */
  project: string;
  /** Name of the Kubernetes service account that the pods run as. */
  serviceAccountName: string;
  labels: Record<string, string>;
}

/**
 * Who a system's pods are in Google Cloud: a service account of their own, that the pods' Kubernetes service account may act as. No key is
 * made. It may do nothing until a part of the stack allows it.
 *
 * The cluster must have Workload Identity Federation for GKE; Autopilot always does.
 */
export class WorkloadIdentity extends pulumi.ComponentResource {
  readonly serviceAccountName: string;
  /** The pods' namespace. */
  readonly namespace: pulumi.Output<string>;
  /** The pods as IAM names them: `serviceAccount:…`. */
  readonly member: pulumi.Output<string>;

  constructor(name: string, args: WorkloadIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:gcp:WorkloadIdentity", name, {}, opts);
    const { system, project, serviceAccountName, labels } = args;
    const account = new Account(
      name,
      { project, accountId: projectWide(system, "pods", 30), displayName: `Pods of ${system}, stack ${pulumi.getStack()}` },
      { parent: this },
    );
    const pods = new ServiceAccount(
      serviceAccountName,
      {
        metadata: { name: serviceAccountName, labels, annotations: actingAs(account) },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    this.serviceAccountName = serviceAccountName;
    this.namespace = pods.metadata.namespace;
    this.member = account.member;
    letActAs(name, account, { project, namespace: this.namespace, serviceAccountName }, { parent: this });
    this.registerOutputs({ member: this.member });
  }
}
