import type { VerificationOrder } from "../../components/verificationOrder.ts";
import type { PodReader, ProbeContext, ProbeResult } from "../../probes/context.ts";
import { type Patience, runProbe } from "../../probes/probe.ts";
import { now, send } from "../../probes/request.ts";
import type { CacheConnection } from "../cache/connection.ts";
import type { Server } from "../database/server.ts";

interface Stores {
  server?: Server | undefined;
  cache?: CacheConnection | undefined;
}

/**
 * Runs the probes one after the other, then asks the data and the cache, and prints a line for each: what held as it is found, and what did
 * not at the end, where whoever shows only the last lines of a failed Job's log shows it.
 * @param stores what the order has something to ask.
 * @returns whether every probe passed.
 */
export async function verify(
  order: VerificationOrder,
  kube: PodReader,
  print: (line: string) => void,
  { server, cache }: Stores = {},
): Promise<boolean> {
  const context = contextOf(order, kube);
  const { requests, cluster } = order.patienceSeconds;
  const patience: Patience = { requests: now() + requests * 1000, cluster: now() + cluster * 1000 };
  const failed: ProbeResult[] = [];
  const tell = (result: ProbeResult): void => {
    if (result.passed) print(lineOf("✔", result));
    else failed.push(result);
  };
  for (const probe of order.probes) tell(await runProbe(probe, context, patience));
  // What the probes wrote is part of the data by then.
  if (order.integrity && server) {
    const { askIntegrity } = await import("./integrity.ts");
    for (const result of await askIntegrity(order.integrity, server, patience.requests)) tell(result);
  }
  if (order.cache && cache) {
    const { askCache } = await import("./cache.ts");
    tell(await askCache(order.cache, cache, patience.requests));
  }
  for (const result of failed) print(lineOf("✘", result));
  return failed.length === 0;
}

function lineOf(mark: string, { name, expected, found }: ProbeResult): string {
  return `${mark} ${name}: expected ${expected}; found ${found}`;
}

function contextOf({ url, container, requestTimeoutSeconds, leverValues }: VerificationOrder, kube: PodReader): ProbeContext {
  return {
    kube,
    // No agent: each request on a connection of its own, which the Service sends to any pod.
    send: (call) => send({ kind: "url", url, options: { agent: false } }, call),
    container,
    timeoutMs: requestTimeoutSeconds * 1000,
    signal: new AbortController().signal,
    leverValue: async (path) => {
      const value = leverValues[path];
      if (value === undefined) throw new Error(`the lever ${path} is not set`);
      return value;
    },
  };
}
