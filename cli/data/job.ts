import type { V1ConfigMap, V1Job } from "@kubernetes/client-node";
import { confined, readingPasswords } from "../../components/appPod.ts";
import { bucketAnnotations, mountsBucket } from "../../components/database/backups.ts";
import { checksFile, stepContainer } from "../../components/database/container.ts";
import { databaseName } from "../../components/database/move.ts";
import { stepLabel } from "../../components/database/ran.ts";
import { ownerOf } from "../../components/gcp/owner.ts";
import type { DataSystem } from "./system.ts";

/** A step on a database, as `/app/database.mjs` takes it. */
export interface Step {
  name: "check" | "repair" | "loss" | "recover" | "backups";
  args: readonly string[];
  /** The plan's queries and repairs that it reads. */
  checks?: object;
}

/** Seconds that the cluster keeps it once it is over, where nobody is left who would remove it. */
export const keptSeconds = 300;

/** As much of a system as a Job is made of. */
type JobSystem = Pick<DataSystem, "definition" | "lever"> & {
  stack: { name: string; plan: { system: string; service: { name: string } } };
};

/** A step as a Job like those of an update, in a container of the same image, with the same Secret and backups. */
export function stepJob({ stack, definition, lever }: JobSystem, { name: step, args, checks }: Step, name: string): V1Job {
  const labels = { app: stack.plan.service.name, [stepLabel]: step };
  const { system } = stack.plan;
  const folder = ownerOf(system, stack.name);
  const { container, volumes } = stepContainer({
    name: step,
    lever,
    args: [step, ...args],
    folder,
    checks: checks && name,
    asksCluster: false,
  });
  // A bucket is reached as the service account of the update's Jobs, whose rights in the cluster are of no use without its token.
  const inBucket = mountsBucket(volumes);
  return {
    metadata: { name, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: definition.timeoutSeconds,
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        metadata: { labels, ...(inBucket && { annotations: bucketAnnotations }) },
        spec: {
          ...confined.pod,
          ...(inBucket && { serviceAccountName: databaseName(system) }),
          securityContext: readingPasswords,
          restartPolicy: "Never",
          volumes,
          containers: [container],
        },
      },
    },
  };
}

/** What the step reads; it goes with its Job, whoever removes that. */
export function checksMap({ metadata }: V1Job, checks: object): V1ConfigMap {
  const { name = "", uid = "", labels = {} } = metadata ?? {};
  return {
    metadata: { name, labels, ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid }] },
    data: { [checksFile]: JSON.stringify(checks) },
  };
}
