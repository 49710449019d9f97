import type { types } from "@pulumi/kubernetes";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import type { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import type * as pulumi from "@pulumi/pulumi";
import { type AppPodArgs, appPod } from "../appPod.ts";
import { bucketOf } from "../levers/backups.ts";
import { revisionPlace } from "../plan/database.ts";
import type { Database } from "../plan/plan.ts";
import { backupsFolder, bucketAnnotations, mountsBucket } from "./backups.ts";
import { backupChecksPath, checksPath, type DatabaseLever, hasBackups, type StepContainerArgs, stepContainer } from "./container.ts";
import { managedStep } from "./managed.ts";
import { type DatabaseMove, runName, type Way } from "./move.ts";
import { marksOf } from "./ran.ts";

export type StepName = "assess" | "backup" | "change" | "verify";

/** What each way takes. Without a claim, a bucket, or a provider's own backups, there is nowhere to put one. */
export function stepsOf(way: Way, lever: DatabaseLever): StepName[] {
  if (way === "adopt") return ["verify"];
  return ["assess", ...(hasBackups(lever) ? (["backup"] as const) : []), "change", "verify"];
}

export interface StepArgs {
  /** Stable's pods; the image is the one that knows both revisions. */
  app: AppPodArgs;
  definition: Database;
  lever: DatabaseLever;
  /** The stack's own folder in the bucket with the backups. */
  folder?: string | undefined;
  move: DatabaseMove;
  /** The releases that may write while the database changes. */
  releases: readonly string[];
  /** Service account. */
  account: string;
  /** Takes what the step finds. The Job goes with it: also one that a killed update was waiting for, of which no state knows. */
  evidence: { name: string; configMap: ConfigMap };
  /** ConfigMap with the plan's integrity queries; nothing where there are none to ask. */
  checks: string | undefined;
  /** Backups that stay, however many are kept. */
  spared: readonly string[];
}

/** Beyond the step's own time: until the cluster says that it is over. */
const marginSeconds = 30;

/**
 * A step as a Job that the update waits for. One that fails, or was interrupted, fails the update, and the next `pulumi up` runs it again;
 * one of a run that is over stays as it was made.
 */
export function makeStep(name: string, step: StepName, args: StepArgs, opts: pulumi.CustomResourceOptions): Job {
  const { app, definition, move } = args;
  const jobName = runName(`${name}-${step}`, move.run);
  const marks = marksOf(step, move.run);
  const labels = { app: app.service.name, ...marks.labels };
  const annotations = { "pulumi.com/replaceUnready": "true", ...marks.annotations };
  const pod = podOf(args, [...othersFirst(step, args), ...containersOf(step, args)]);
  return new Job(
    jobName,
    {
      metadata: { name: jobName, labels, annotations, ownerReferences: [ownerOf(args)] },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: definition.timeoutSeconds,
        template: { metadata: { labels, ...(mountsBucket(pod.volumes) && { annotations: bucketAnnotations }) }, spec: pod },
      },
    },
    {
      ...opts,
      deleteBeforeReplace: true,
      ignoreChanges: move.isOver ? ["metadata", "spec"] : [],
      customTimeouts: { create: `${definition.timeoutSeconds + marginSeconds}s` },
    },
  );
}

const ownerOf = ({ evidence: { name, configMap } }: StepArgs) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  name,
  uid: configMap.metadata.uid,
});

interface Part {
  container: types.input.core.v1.Container;
  volumes: readonly { name: string; csi?: { driver: string } }[];
}

/** A run begins when the steps of every other one are over. */
function othersFirst(step: StepName, { app, lever, move }: StepArgs): Part[] {
  if (step !== stepsOf(move.run.way, lever)[0]) return [];
  return [stepContainer({ lever, name: "others", args: ["others", app.service.name, "$(POD_NAME)"], asksCluster: true })];
}

/** In the order in which they run, one after the other. */
function containersOf(step: StepName, args: StepArgs): Part[] {
  const { app, definition, lever, folder, move, releases, checks } = args;
  const evidence = args.evidence.name;
  const { way, revision, restore } = move.run;
  const own = (more: Omit<StepContainerArgs, "lever" | "folder" | "asksCluster">) =>
    stepContainer({ lever, folder, asksCluster: true, ...more });
  const file = `${backupsFolder}/${restore}`;
  const room = lever.backups === undefined ? [] : ["--folder", backupsFolder];
  const managed = (what: "backup" | "restore", backup: string) => managedStep({ name: step, what, definition, lever, backup, evidence });
  switch (step) {
    case "assess": {
      const restored = way === "restore" && !lever.managed ? ["--restore", file] : [];
      return [own({ name: step, args: ["assess", ...room, ...restored], evidence })];
    }
    case "backup":
      if (lever.managed) return managed("backup", runName(`${app.service.name}-database`, move.run));
      return [own({ name: step, args: backupArguments(args), evidence, checks })];
    case "change": {
      const quiet = own({ name: "quiet", args: ["quiet", app.service.name, ...releases] });
      if (way === "restore" && lever.managed) return [quiet, ...managed("restore", restore ?? "")];
      if (way === "restore")
        return [quiet, own({ name: step, args: ["restore", file, ...(checks ? ["--checks", checksPath] : [])], evidence, checks })];
      const migration = ofApp(
        args,
        step,
        definition.commands.to.map((word) => word.replaceAll(revisionPlace, revision)),
      );
      return way === "down" ? [quiet, migration] : [migration];
    }
    case "verify":
      return [
        ofApp(args, "current", definition.commands.current),
        own({ name: step, args: ["revision", "$(POD_NAME)", "current", revision], evidence }),
        ...(checks ? [own({ name: "check", args: ["check", checksPath], evidence, checks })] : []),
      ];
  }
}

/** Earlier backups are deleted on the way up alone: on a way back nobody knows yet which of them is needed. */
function backupArguments({ lever: { backups, keepBackups }, move, checks, spared }: StepArgs): string[] {
  const isKept = keepBackups !== undefined && move.run.way === "up";
  const keep = isKept ? ["--keep", `${keepBackups}`, ...spared.flatMap((file) => ["--spare", file])] : [];
  const sequential = bucketOf(backups) === undefined ? [] : ["--sequential"];
  return ["backup", backupsFolder, ...sequential, ...(checks ? ["--checks", backupChecksPath] : []), ...keep];
}

/** The team's own migration command, in the app's image and with everything that its pods are given. */
function ofApp({ app, move }: StepArgs, name: string, command: readonly string[]): Part {
  const { pod, container } = appPod({ ...app, image: move.image });
  return { container: { ...container, name, command: [...command] }, volumes: pod.volumes };
}

function podOf({ app, account }: StepArgs, parts: readonly Part[]) {
  const containers = parts.map(({ container }) => container);
  const volumes = new Map(parts.flatMap((part) => part.volumes.map((volume) => [volume.name, volume])));
  return {
    ...appPod(app).pod,
    serviceAccountName: account,
    restartPolicy: "Never",
    volumes: [...volumes.values()],
    ...(containers.length > 1 && { initContainers: containers.slice(0, -1) }),
    containers: containers.slice(-1),
  };
}
