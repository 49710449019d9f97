import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TrackName } from "../../components/plan/plan.ts";
import { accessCluster } from "../cluster/access.ts";
import { ThroughServer } from "../cluster/throughServer.ts";
import { reason, within } from "../cluster/within.ts";
import { OperatorError } from "../operatorError.ts";
import type { OpenStack } from "../stack/open.ts";
import type { State } from "../stack/state.ts";
import type { Item, Missing } from "./item.ts";
import { hiding, secretsOf } from "./secretValues.ts";
import { type Cluster, trackItems } from "./trackItems.ts";

/** A kept file, as the index has it. */
export interface Kept {
  path: string;
  what: string;
  bytes: number;
  sha256: string;
}

export interface Evidence {
  /** Where it is. */
  folder: string;
  files: Kept[];
  missing: Missing[];
}

export interface Wanted {
  /** Default: every track that runs. */
  track: TrackName | undefined;
  /** Folder in which a new one is made, named by stack and time. */
  into: string;
  /** What takes longer is not waited for. */
  withinSeconds: number;
  state: () => Promise<State>;
}

/**
 * Keeps what a rollback takes with it: logs, events, manifests and metrics of the tracks, and the release record. Nothing in the cluster is
 * changed; no value of a Secret is written. What cannot be got is left out, and said.
 * @throws {OperatorError} where the track is not there, the cluster does not answer, or the folder cannot be written.
 */
export async function collectEvidence(stack: OpenStack, wanted: Wanted, now = new Date()): Promise<Evidence> {
  const deadline = Date.now() + wanted.withinSeconds * 1000;
  const cluster = await open(stack);
  const seen = await look(stack, cluster, wanted);
  const names = secretsOf(seen.flatMap(({ pods }) => pods));
  const read = (name: string) => within(left(deadline), () => cluster.core.readNamespacedSecret({ name, namespace: cluster.namespace }));
  const { hide, keys, missing } = await hiding(names, read);
  const all = [
    ...seen.flatMap(({ items }) => items),
    { path: "secrets.json", what: "keys of the Secrets, without values", read: async () => JSON.stringify(keys, null, 2) },
    { path: "levers.json", what: "levers of the stack's file", read: async () => JSON.stringify(stack.document.levers, null, 2) },
    {
      path: "release.json",
      what: "the last verified release",
      read: async () => JSON.stringify((await wanted.state()).record ?? null, null, 2),
    },
  ];
  const folder = join(wanted.into, `evidence-${stack.name.replaceAll("/", "-")}-${stamp(now)}`);
  const files: Kept[] = [];
  await make(folder);
  await Promise.all(
    all.map(async (item) => {
      try {
        files.push(await keep(folder, item, hide, deadline));
      } catch (error) {
        missing.push({ what: item.what, why: reason(error) });
      }
    }),
  );
  const ordered = files.sort((a, b) => a.path.localeCompare(b.path));
  const evidence = { folder, files: ordered, missing: missing.sort((a, b) => a.what.localeCompare(b.what)) };
  await writeIndex(stack, evidence, now);
  return evidence;
}

async function open(stack: OpenStack): Promise<Cluster> {
  const access = await accessCluster(stack);
  const { AppsV1Api, CoreV1Api } = await import("@kubernetes/client-node");
  return {
    core: access.config.makeApiClient(CoreV1Api),
    apps: access.config.makeApiClient(AppsV1Api),
    server: await ThroughServer.make(access),
    namespace: access.namespace,
  };
}

async function look({ plan }: OpenStack, cluster: Cluster, { track, withinSeconds }: Wanted) {
  const known = Object.keys(plan.service.tracks) as TrackName[];
  const tracks = track === undefined ? known : [track];
  const seen = await within(withinSeconds * 1000, () => Promise.all(tracks.map((each) => trackItems(cluster, plan, each)))).catch(
    (error) => {
      throw new OperatorError(`the cluster does not answer: ${reason(error)}. Nothing was kept.`);
    },
  );
  if (seen.some(({ pods }) => pods.length > 0)) return seen;
  throw new OperatorError(
    `${track ?? "no track"} of ${plan.system} runs ${track ? "in no pod" : "in any pod"} of namespace ${cluster.namespace}. Nothing was kept.`,
    "refused",
  );
}

async function keep(folder: string, { path, what, read }: Item, hide: (text: string) => string, deadline: number): Promise<Kept> {
  const text = hide(await within(left(deadline), read));
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return { path, what, bytes: Buffer.byteLength(text), sha256: createHash("sha256").update(text).digest("hex") };
}

async function make(folder: string): Promise<void> {
  // Logs are for this user's eyes.
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(({ message }: Error) => {
    throw new OperatorError(`not written: ${message}`);
  });
}

async function writeIndex(stack: OpenStack, { folder, files, missing }: Evidence, now: Date): Promise<void> {
  const index = { stack: stack.name, system: stack.plan.system, at: now.toISOString(), files, missing };
  await writeFile(join(folder, "index.json"), `${JSON.stringify(index, null, 2)}\n`);
  await writeFile(join(folder, "SHA256SUMS"), files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join(""));
}

const left = (deadline: number): number => Math.max(1, deadline - Date.now());

/** `20261121T025000Z`, as file names take it. */
const stamp = (now: Date): string => now.toISOString().replaceAll(/[-:]|\.\d+/g, "");
