import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { confined, readingPasswords } from "./appPod.ts";
import type { Checks } from "./database/checks.ts";
import { fingerprint } from "./fingerprint.ts";
import { makeJobAccount, readPods } from "./jobAccount.ts";
import type { Probe } from "./plan/plan.ts";
import { passwordFile, passwordPath, type StoreAccess, type StoreName } from "./storeAccess.ts";
import type { VerificationOrder } from "./verificationOrder.ts";

export interface VerificationArgs {
  /** What has to be there first. */
  after: readonly pulumi.Resource[];
  /** The operations image, by digest (`operations/Dockerfile`). */
  image: string;
  /** Value of the pods' `app` label and name of the Service that probes send requests to. */
  app: string;
  /** The service's container in its pods. */
  container: string;
  /** What must hold, in this order. */
  probes: readonly Probe[];
  /** What the levers are set to that probes name, by path. */
  leverValues: Record<string, string>;
  /** What the system's data have to answer, and where they are; nothing where there is nothing to ask. */
  integrity?: Integrity | undefined;
  /** The cache that has to answer; nothing where the system has none. */
  cache?: Store | undefined;
  /** What is verified: whenever it differs, the probes run again. */
  release: unknown;
  /** Seconds that what the update left to the cluster (pods that end) may take. */
  settleSeconds: number;
  /** Seconds the cluster has for running the Job. */
  timeoutSeconds: number;
}

/** How a store is reached. */
export interface Store extends Pick<StoreAccess, "passwordSecret"> {
  /** `postgresql://user@host:5432/database`, `redis://host:6379/0`, without a password. */
  url: string;
}

/** The checks of a database, and how it is reached. */
export interface Integrity extends Store {
  checks: Checks;
}

/** Beyond it, a question that holds a level up is no part of one. */
export const questionSeconds = 30;
/** A cache that takes longer helps nobody. */
export const cacheSeconds = 5;

const orderKey = "order.json";
const folder = "/etc/verification";
/** What an update made may take a moment to reach every part of the cluster; kube-proxy of a busy node, a second or two. */
const requestSeconds = 15;
/** Longer than apps usually wait for what they lean on, so that it is their own answer that is told. */
const requestTimeoutSeconds = 15;

/**
 * The plan's probes as a Job in the cluster, awaited: an update whose probe fails is a failed update, and its release never becomes
 * the last good one.
 *
 * The Job runs whenever the release or the probes differ from what was verified last, and again after it failed. It may read the
 * pods of its namespace and their logs, and nothing else.
 */
export class Verification extends pulumi.ComponentResource {
  /** Resolves when every probe has passed. */
  readonly passed: pulumi.Output<unknown>;

  constructor(name: string, args: VerificationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:Verification", name, {}, opts);
    const labels = { app: args.app };
    const order = orderOf(args);
    const orderName = `${name}-${fingerprint(order)}`;
    const account = makeJobAccount(name, { labels, rules: [readPods] }, { parent: this });
    const data = { [orderKey]: JSON.stringify(order, undefined, 2) };
    const configMap = new ConfigMap(orderName, { metadata: { name: orderName, labels }, immutable: true, data }, { parent: this });
    const dependsOn = [...account, configMap, ...args.after];
    const job = new Job(
      name,
      {
        metadata: {
          name: `${name}-${fingerprint(order, args.image, args.release)}`,
          labels,
          // One that failed, or was interrupted, runs again.
          annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: { backoffLimit: 0, template: { metadata: { labels: { app: name } }, spec: podSpec(name, args, orderName) } },
      },
      // Deleted first: the Job of a release that is returned to has to run anew, though one of that name may be there.
      {
        parent: this,
        deleteBeforeReplace: true,
        customTimeouts: { create: `${args.timeoutSeconds}s`, update: `${args.timeoutSeconds}s` },
        dependsOn,
      },
    );
    this.passed = job.id;
    this.registerOutputs({ job: job.metadata.name });
  }
}

function orderOf({ app, container, probes, leverValues, settleSeconds, integrity, cache }: VerificationArgs): VerificationOrder {
  return {
    url: `http://${app}`,
    container,
    requestTimeoutSeconds,
    patienceSeconds: { requests: Math.min(requestSeconds, settleSeconds), cluster: settleSeconds },
    leverValues,
    probes: [...probes],
    ...(integrity && { integrity: { checks: integrity.checks, timeoutSeconds: questionSeconds } }),
    ...(cache && { cache: { timeoutSeconds: cacheSeconds } }),
  };
}

function podSpec(serviceAccountName: string, { image, integrity, cache }: VerificationArgs, orderName: string) {
  const order = {
    volume: { name: "order", configMap: { name: orderName } },
    mount: { name: "order", mountPath: folder, readOnly: true },
  };
  const stores = [...(integrity ? [["database", integrity] as const] : []), ...(cache ? [["cache", cache] as const] : [])];
  const files = [order, ...stores.map(([name, { passwordSecret }]) => passwordFile(name, passwordSecret))];
  return {
    ...confined.pod,
    ...(stores.length > 0 && { securityContext: readingPasswords }),
    serviceAccountName,
    automountServiceAccountToken: true,
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 5,
    volumes: files.map(({ volume }) => volume),
    containers: [
      {
        ...confined.container,
        name: "verification",
        image,
        args: ["/app/verify.mjs", `${folder}/${orderKey}`],
        ...(stores.length > 0 && { env: stores.flatMap(([name, store]) => storeEnvironment(name, store)) }),
        // What failed is then told by `kubectl describe` too.
        terminationMessagePolicy: "FallbackToLogsOnError",
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        volumeMounts: files.map(({ mount }) => mount),
      },
    ],
  };
}

const storeEnvironment = (name: StoreName, { url, passwordSecret }: Store) => [
  { name: `${name.toUpperCase()}_URL`, value: url },
  { name: `${name.toUpperCase()}_PASSWORD_FILE`, value: passwordPath(name, passwordSecret) },
];
