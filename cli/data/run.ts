/** A step on a database in the system's own namespace, followed to its end and removed. */

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { BatchV1Api, CoreV1Api, V1Job, V1Pod } from "@kubernetes/client-node";
import { accessCluster, type ClusterAccess } from "../cluster/access.ts";
import { reason, within } from "../cluster/within.ts";
import { OperatorError } from "../operatorError.ts";
import { checksMap, keptSeconds, type Step, stepJob } from "./job.ts";
import { type Output, StepOutput } from "./output.ts";
import { stateOf, whyNotStarted } from "./starting.ts";
import type { DataSystem } from "./system.ts";

export interface Followed {
  /** Told of each line for people as soon as it is there. */
  onLine: (line: string) => void;
  /** Told of what keeps its pod from starting. */
  onWaiting: (why: string) => void;
  /** Ends the step, and removes it. */
  signal: AbortSignal;
}

/** A request that says nothing for so long has failed. */
const patienceMs = 5000;
/** What keeps a pod from starting for so long is not over soon. A large image that is pulled is nothing of the kind. */
const startMs = 60_000;
/** How long a cluster that does not answer is asked again while a step is under way. */
const silenceMs = 30_000;
const intervalMs = 300;

interface Place {
  access: ClusterAccess;
  batch: BatchV1Api;
  core: CoreV1Api;
  /** Of Job, pod label and ConfigMap. */
  name: string;
}

/**
 * Takes a step and leaves nothing of it in the cluster.
 * @returns what its last line says.
 * @throws {OperatorError} with the step's own words where it failed, and with what is known where it could not be followed.
 */
export async function takeStep<T>(system: DataSystem, step: Step, followed: Followed): Promise<T> {
  const access = await accessCluster(system.stack);
  const { BatchV1Api, CoreV1Api } = await import("@kubernetes/client-node");
  const name = `${system.stack.plan.service.name}-data-${step.name}-${randomBytes(4).toString("hex")}`;
  const place = { access, batch: access.config.makeApiClient(BatchV1Api), core: access.config.makeApiClient(CoreV1Api), name };
  let output: Output;
  try {
    await make(place, stepJob(system, step, name), step);
    output = await follow(place, step, followed);
  } catch (error) {
    if (!(error instanceof Unheard)) await remove(place);
    throw error;
  }
  await remove(place);
  return resultOf(output, step) as T;
}

async function make({ access: { namespace, kubectl }, batch, core }: Place, job: V1Job, { checks }: Step): Promise<void> {
  try {
    await within(patienceMs, async () => {
      const made = await batch.createNamespacedJob({ namespace, body: job });
      // A pod that is there before it waits for it.
      if (checks) await core.createNamespacedConfigMap({ namespace, body: checksMap(made, checks) });
    });
  } catch (error) {
    throw new OperatorError(`nothing was begun: the cluster did not take it: ${reason(error)}\n    check it with: ${kubectl} get jobs`);
  }
}

/** Also where it is over already, or was never made. */
async function remove({ access: { namespace }, batch, name }: Place): Promise<void> {
  const gone = () => batch.deleteNamespacedJob({ name, namespace, propagationPolicy: "Background" });
  // The cluster itself removes what is over.
  await within(patienceMs, gone).catch(() => {});
}

/** Reads its log again and again: so a connection that breaks off costs nothing. */
async function follow(place: Place, step: Step, { onLine, onWaiting, signal }: Followed): Promise<Output> {
  const output = new StepOutput(onLine);
  const begun = Date.now();
  let heard = begun;
  let waiting = "";
  for (;;) {
    if (signal.aborted) throw interrupted(step);
    const seen = await within(patienceMs, () => look(place, step)).catch((error) => {
      if (Date.now() - heard < silenceMs) return undefined;
      throw new Unheard(place, step, reason(error));
    });
    if (seen) heard = Date.now();
    if (seen?.log !== undefined) output.see(seen.log);
    if (seen?.over) return output.end(seen.over);
    const why = seen?.waits ?? "";
    if (why !== "" && why !== waiting) onWaiting(why);
    if (why !== "" && Date.now() - begun > startMs) throw notStarted(why);
    if (seen) waiting = why;
    await sleep(intervalMs);
  }
}

interface Seen {
  /** Why it has not started, where something is known. */
  waits?: string;
  /** What it has printed, once it has started. */
  log?: string;
  over?: { exitCode: number; why?: string };
}

async function look({ access: { namespace }, batch, core, name }: Place, step: Step): Promise<Seen> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: `batch.kubernetes.io/job-name=${name}` });
  const [pod] = items;
  if (!pod) return failedJob(await batch.readNamespacedJob({ name, namespace }));
  const { running, terminated } = stateOf(pod, step.name);
  if (!running && !terminated) return await waits(core, namespace, pod, step);
  const log = await core.readNamespacedPodLog({ name: pod.metadata?.name ?? "", namespace, container: step.name });
  return { log, ...(terminated && { over: { exitCode: terminated.exitCode, why: terminated.reason ?? "" } }) };
}

async function waits(core: CoreV1Api, namespace: string, pod: V1Pod, step: Step): Promise<Seen> {
  const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: `involvedObject.uid=${pod.metadata?.uid}` });
  const why = whyNotStarted(pod, step.name, items);
  return why === "" ? {} : { waits: why };
}

/** What ran longer than it may has no pod any more. */
function failedJob({ status }: V1Job): Seen {
  const failed = status?.conditions?.find(({ type, status: holds }) => type === "Failed" && holds === "True");
  return failed ? { over: { exitCode: 1, why: failed.message ?? failed.reason ?? "" } } : {};
}

function resultOf({ result, errors, exitCode, why }: Output, { name }: Step): unknown {
  if (exitCode === 0) return result;
  const words = errors.length > 0 ? errors : [`${name} ended with ${exitCode}${why ? `: ${why}` : ""}. What was not over was taken back.`];
  throw new OperatorError(words.join("\n"));
}

const notStarted = (why: string): OperatorError =>
  new OperatorError(`it did not start within ${startMs / 1000} s: ${why}. Nothing was changed.`);

const interrupted = ({ name }: Step): OperatorError =>
  new OperatorError(`Interrupted. ${name} was ended, and what was not over was taken back.`, "interrupted");

/** The step goes on without anybody who follows it, and the cluster removes it. */
class Unheard extends OperatorError {
  constructor({ access: { kubectl }, name }: Place, step: Step, why: string) {
    super(
      `the connection to the cluster was lost: ${why}. ${step.name} goes on there, and ends by itself.\n` +
        `    how it ended, for ${keptSeconds / 60} minutes after its end: ${kubectl} logs job/${name}`,
    );
  }
}
