import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, apiOf } from "./api.ts";
import { dialerOf } from "./dial.ts";
import type { Layout } from "./layout.ts";
import { lacking, simulatedNode } from "./readiness.ts";
import { type ClusterRecord, isRunning } from "./record.ts";
import { ClusterError } from "./types.ts";

const readyTimeout = 90_000;
/** How long a running cluster may take to mend itself before it is started anew. */
const mendTimeout = 20_000;
const interval = 50;

/** Resolves when a cluster that was just started is ready; throws a ClusterError that says what it still lacks after 90 s. */
export async function untilReady(layout: Layout, record: ClusterRecord, report: (line: string) => void): Promise<void> {
  const api = apiOf(layout, record.ports.api);
  const deadline = Date.now() + readyTimeout;
  if (record.kind === "simulated") await addSimulatedNode(api, layout, record, deadline);
  const missing = await waitFor(api, layout, record, deadline, report);
  if (missing === undefined) return;
  throw new ClusterError(
    `the cluster "${layout.name}" does not become ready: ${missing}.\n` +
      `  Its logs are in ${layout.logs}; start it from nothing with: npm run cluster -- stop --name ${layout.name}`,
  );
}

/** Whether a cluster that already runs is, or becomes within 20 s, ready. */
export async function becomesReady(layout: Layout, record: ClusterRecord): Promise<boolean> {
  return (await waitFor(apiOf(layout, record.ports.api), layout, record, Date.now() + mendTimeout)) === undefined;
}

/** What a running cluster lacks right now, in words, or undefined. */
export function lackingNow(layout: Layout, record: ClusterRecord): Promise<string | undefined> {
  return lacking(readinessOf(apiOf(layout, record.ports.api), layout, record));
}

async function waitFor(
  api: Api,
  layout: Layout,
  record: ClusterRecord,
  deadline: number,
  report: (line: string) => void = () => {},
): Promise<string | undefined> {
  const options = readinessOf(api, layout, record);
  for (let before: string | undefined; ; ) {
    const missing = await lacking(options);
    const short = missing?.replace(/ \(.*/s, "");
    if (short !== undefined && short !== before) report(`waiting: ${short}`);
    before = short;
    if (missing === undefined || Date.now() > deadline) return missing;
    if (!isRunning(record)) return "its processes ended";
    await sleep(interval);
  }
}

async function addSimulatedNode(api: Api, layout: Layout, record: ClusterRecord, deadline: number): Promise<void> {
  let problem = "";
  while (isRunning(record) && Date.now() < deadline) {
    try {
      const { status, body } = await api.apply(simulatedNode.path, simulatedNode.object);
      if (status < 300) return;
      problem = body;
    } catch (error) {
      problem = (error as Error).message;
    }
    await sleep(interval);
  }
  throw new ClusterError(
    `the API server of "${layout.name}" does not take objects: ${problem}.\n  See ${join(layout.logs, "kube-apiserver.log")}`,
  );
}

function readinessOf(api: Api, layout: Layout, record: ClusterRecord) {
  return record.kind === "node" ? { api, since: record.startedAt, dial: dialerOf(layout, record) } : { api };
}
