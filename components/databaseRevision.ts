import type { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import type { AppPodArgs } from "./appPod.ts";
import type { BackupBucket } from "./database/backups.ts";
import type { Checks } from "./database/checks.ts";
import { backupChecksFile, checksFile, type DatabaseLever } from "./database/container.ts";
import { type DatabaseMove, runName } from "./database/move.ts";
import { marksOf } from "./database/ran.ts";
import { makeStep, type StepName, stepsOf } from "./database/step.ts";
import { fingerprint } from "./fingerprint.ts";
import { makeJobAccount, readPods } from "./jobAccount.ts";
import type { Database } from "./plan/plan.ts";

export interface DatabaseRevisionArgs {
  /** Stable's pods: the migration command runs in one like them. */
  app: AppPodArgs;
  /** What the plan's `database` says of it. */
  definition: Database;
  /** What the stack's lever `database` says. */
  lever: DatabaseLever;
  /** The right to the bucket that the lever names; nothing where backups go to a claim. */
  bucket?: BackupBucket | undefined;
  /** What this update does to it. */
  move: DatabaseMove;
  /** The releases that may write while it goes down: those that know the revision below. Nothing may write while a backup is restored. */
  releases: readonly string[];
  /** The integrity queries that have to answer as expected once it is there: `queries` and `repairs` of the plan. */
  checks: Checks;
  /** Those that the trial restore of a backup has to answer as the database did, whatever that was. */
  backupChecks: Checks;
  /** Backups that stay, however many the lever keeps: `namedBackups`. */
  spared: readonly string[];
  /** What a way down and a restore come after, which is made after the steps before it: the tracks, and all that writes. */
  release: Promise<readonly pulumi.Resource[]>;
  /** What the record before has of the run, for one that is over. */
  evidence?: Record<string, unknown> | undefined;
}

/**
 * The revision of a system's database, as Jobs that the update waits for, one after the other: `assess` and `backup` refuse before
 * anything changes, `change` is the team's own migration command or a restore, `verify` sees that the database has the revision and its data are whole.
 *
 * Going up comes before the tracks, whose new release needs it. Going down is backed up before the tracks and comes after them, when the
 * last pod of the release that knows more has ended. A restore comes last, when no pod is left that could write.
 *
 * A run is made once; a revision that comes back is another run. One that failed before its change is not gone on with, since its backup
 * would be of another time: the next update begins another. A run waits first for the steps of every other one, which a killed update
 * may have left to the cluster. Its evidence is put into a ConfigMap by the Jobs, whose service account may change that alone and read
 * the pods of its namespace and their logs.
 */
export class DatabaseRevision extends pulumi.ComponentResource {
  /** What the tracks wait for. */
  readonly before: readonly pulumi.Resource[];
  /** Every step, in order. */
  readonly steps: readonly Job[];
  /** What each step found and did, by its name; resolves when the last is over. */
  readonly evidence: pulumi.Output<Record<string, unknown>>;

  constructor(name: string, args: DatabaseRevisionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:DatabaseRevision", name, {}, opts);
    const { lever, bucket, move, release } = args;
    const { way } = move.run;
    const labels = { app: args.app.service.name };
    const evidence = this.mark(`${name}-evidence`, "evidence", args, { parent: this, ignoreChanges: ["data"] });
    const checks = this.makeChecks(`${name}-checks`, args, labels);
    const publish = { apiGroups: [""], resources: ["configmaps"], resourceNames: [evidence.name], verbs: ["get", "patch"] };
    const account = makeJobAccount(name, { labels, annotations: bucket?.annotations, rules: [publish, readPods] }, { parent: this });
    const rights = [evidence.configMap, ...(checks ? [checks.configMap] : []), ...account, ...(bucket ? [bucket] : [])];
    const made = { account: name, evidence, folder: bucket?.folder };
    const steps: Partial<Record<StepName, Job>> = {};
    for (const step of stepsOf(way, lever)) {
      const first: pulumi.Resource[] = [...rights, ...Object.values(steps)];
      const after = comesAfterTracks(step, move) ? release.then((resources) => [...first, ...resources]) : first;
      // In the state before the change begins, which a Job comes into only when it is over.
      const begun = step === "change" ? [this.mark(`${name}-begun`, step, args, { parent: this, dependsOn: after }).configMap] : [];
      const dependsOn = Promise.resolve(after).then((resources) => [...resources, ...begun]);
      steps[step] = makeStep(name, step, { ...args, ...made, checks: checks?.name }, { parent: this, dependsOn });
    }
    this.steps = Object.values(steps);
    this.before = stepsOf(way, lever).flatMap((step) => (comesAfterTracks(step, move) ? [] : [steps[step] as Job]));
    this.evidence = this.read(`${name}-published`, evidence.name).apply((data) => ({ ...args.evidence, ...data }));
    this.registerOutputs({ evidence: evidence.name });
  }

  /** A ConfigMap that says in the stack's state how far a run came. */
  private mark(name: string, part: string, { app, move }: DatabaseRevisionArgs, opts: pulumi.CustomResourceOptions) {
    const marked = runName(name, move.run);
    const { labels, annotations } = marksOf(part, move.run);
    const metadata = { name: marked, labels: { app: app.service.name, ...labels }, annotations };
    return { name: marked, configMap: new ConfigMap(marked, { metadata }, opts) };
  }

  /** Known when the last step is over, so that a preview of steps to come does not look for what they will find. */
  private read(name: string, configMap: string): pulumi.Output<Record<string, unknown>> {
    const last = this.steps.at(-1) as Job;
    const id = pulumi.all([last.id, last.metadata]).apply(([, { namespace }]) => `${namespace}/${configMap}`);
    const published = ConfigMap.get(name, id, { parent: this, dependsOn: [...this.steps] });
    return published.data.apply((data) => Object.fromEntries(Object.entries(data ?? {}).map(([step, found]) => [step, JSON.parse(found)])));
  }

  private makeChecks(name: string, { checks, backupChecks }: DatabaseRevisionArgs, labels: Record<string, string>) {
    if (Object.keys({ ...checks.queries, ...backupChecks.queries }).length === 0) return undefined;
    const json = (of: Checks): string => JSON.stringify(of, undefined, 2);
    const data = { [checksFile]: json(checks), [backupChecksFile]: json(backupChecks) };
    const hashed = `${name}-${fingerprint(data)}`;
    const configMap = new ConfigMap(hashed, { metadata: { name: hashed, labels }, immutable: true, data }, { parent: this });
    return { name: hashed, configMap };
  }
}

/** Whether a step waits until the tracks run what they are to run, and nothing else writes. */
function comesAfterTracks(step: StepName, { run: { way } }: DatabaseMove): boolean {
  return way === "restore" || (way === "down" && (step === "change" || step === "verify"));
}
