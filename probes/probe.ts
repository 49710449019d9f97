/** A plan's probes, run against the real thing: by a drill from outside, and by the verification Job from inside the cluster. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Probe } from "../components/plan/plan.ts";
import type { Finding, ProbeContext, ProbeResult } from "./context.ts";
import { lookAtAnswer } from "./http.ts";
import { lookAtErrorRate, lookAtLatency } from "./load.ts";
import { lookAtLogs } from "./logs.ts";
import { lookAtImages, lookAtPods } from "./pods.ts";
import { lookAtProvider } from "./provider.ts";
import { now, reason } from "./request.ts";
import { lookAtTracks } from "./tracks.ts";

/** Until when a probe that fails is looked at again, in milliseconds since the epoch. */
export interface Patience {
  /** Probes that send requests; 0: they are sent once and count as they are answered. */
  requests: number;
  /** What the cluster still has to finish: pods that end, lines that are to be logged. */
  cluster: number;
}

/** Runs one probe. Never throws: an error is a probe that found it. */
export async function runProbe(probe: Probe, context: ProbeContext, patience: Patience): Promise<ProbeResult> {
  const startedAt = now();
  const until = "path" in probe ? patience.requests : patience.cluster;
  let finding = await look(probe, context);
  while (finding.passed === false && now() < until && !context.signal.aborted) {
    await sleep(250);
    finding = await look(probe, context);
  }
  return { name: probe.title, startedAt, endedAt: now(), ...finding };
}

async function look(probe: Probe, context: ProbeContext): Promise<Finding> {
  try {
    switch (probe.type) {
      case "http":
        return await lookAtAnswer(probe, context);
      case "provider":
        return await lookAtProvider(probe, context);
      case "tracks":
        return await lookAtTracks(probe, context);
      case "errorRate":
        return await lookAtErrorRate(probe, context);
      case "latency":
        return await lookAtLatency(probe, context);
      case "log":
        return await lookAtLogs(probe, context, `"${probe.contains}" in`, (log) => log.includes(probe.contains));
      case "noLog":
        return await lookAtLogs(probe, context, `no "${probe.lacks}" in`, (log) => !log.includes(probe.lacks));
      case "image":
        return await lookAtImages(probe, context);
      case "pods":
        return await lookAtPods(probe, context);
    }
  } catch (error) {
    return { expected: "an answer", found: reason(error), passed: false };
  }
}
