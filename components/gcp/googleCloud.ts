import * as pulumi from "@pulumi/pulumi";
import type { Levers } from "../levers/levers.ts";
import type { Plan } from "../plan/plan.ts";
import { AlertPolicies } from "./alertPolicies.ts";
import { BackupBucketAccess, type BackupBucketAccessArgs } from "./backupBucketAccess.ts";
import { CanaryLogs } from "./canaryLogs.ts";
import { projectWide } from "./names.ts";
import { PodMetrics } from "./podMetrics.ts";
import { StoredCredential } from "./storedCredential.ts";
import { VertexAiAccess } from "./vertexAiAccess.ts";
import { WorkloadIdentity } from "./workloadIdentity.ts";

export interface GoogleCloudArgs {
  plan: Plan;
  gcp: NonNullable<Levers["gcp"]>;
  /** Provider → name of the credential → value. */
  credentials: Levers["credentials"];
  /** The bucket that the database's backups go to, and the Kubernetes service account of the Jobs that make them; nothing without one. */
  backups?: Pick<BackupBucketAccessArgs, "bucket" | "serviceAccountName"> | undefined;
  /** Where the runbook pages are found. */
  runbooks?: string | undefined;
}

/** What a system on GKE has in Google Cloud: its pods' and its backups' identity and rights, its credentials, the canary's logs, metrics and alert policies. */
export class GoogleCloud extends pulumi.ComponentResource {
  readonly identity: WorkloadIdentity;
  /** Rights that pods need from their first call on. */
  readonly rights: readonly pulumi.Resource[];
  /** Provider → its credentials in Secret Manager: there before the cluster has them. */
  readonly stored: Record<string, StoredCredential[]>;
  /** Who may reach the bucket with the backups; nothing without one. */
  readonly backups: BackupBucketAccess | undefined;

  constructor(name: string, args: GoogleCloudArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:gcp:GoogleCloud", name, {}, opts);
    const { plan, gcp, runbooks, backups } = args;
    const { project, location, notificationChannels, logRetentionDays } = gcp;
    const labels = { app: plan.service.name };
    const parent = { parent: this };
    this.identity = new WorkloadIdentity(
      `${name}-pods`,
      { system: plan.system, project, serviceAccountName: plan.service.name, labels },
      parent,
    );
    const { member, namespace } = this.identity;
    const vertex = "vertex" in plan.providers.known ? [new VertexAiAccess(`${name}-vertex-ai`, { project, caller: member }, parent)] : [];
    this.rights = [this.identity, ...vertex];
    this.backups = backups && new BackupBucketAccess(`${name}-backups`, { system: plan.system, project, namespace, ...backups }, parent);
    this.stored = this.store(name, args, labels);
    new CanaryLogs(`${name}-canary-logs`, { plan, project, location, namespace, retentionDays: logRetentionDays }, parent);
    new PodMetrics(`${name}-metrics`, plan, parent);
    new AlertPolicies(`${name}-alerts`, { plan, project, notificationChannels, runbooks }, parent);
    this.registerOutputs({ member });
  }

  private store(name: string, args: GoogleCloudArgs, labels: Record<string, string>): Record<string, StoredCredential[]> {
    const { plan, gcp, credentials } = args;
    const storedOf = (provider: string, values: Record<string, unknown>): StoredCredential[] =>
      Object.entries(values).map(([key, value]) => {
        const { project, location } = gcp;
        const secretId = projectWide(plan.system, `${provider}-${key}`, 255);
        const stored = { project, location, secretId, value: String(value), labels, reader: this.identity.member };
        return new StoredCredential(`${name}-${provider}-${key}`, stored, { parent: this });
      });
    return Object.fromEntries(Object.entries(credentials).map(([provider, values]) => [provider, storedOf(provider, values ?? {})]));
  }
}
