import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestStack } from "./stack.ts";

/** What a command of the engine did, told by its own log of events. */
export interface EngineRun {
  succeeded: boolean;
  /** What was printed. */
  text: string;
  /** What happened to the resource of this name. */
  of(name: string): ResourceRun;
}

export interface ResourceRun {
  /** Operations in their order. */
  ops: string[];
  /** Changed paths by operation: `update spec.replicas`. */
  paths: Record<string, string[]>;
  errors: string[];
}

interface StepMetadata {
  op: string;
  urn: string;
  detailedDiff?: Record<string, { diffKind: string }> | null;
}

interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
  diagnosticEvent?: { urn?: string; message: string; severity: string };
}

/** Runs `pulumi <args>` whatever becomes of its resources. Rejects where it does not come to them. */
export async function engineRun(stack: TestStack, ...args: string[]): Promise<EngineRun> {
  const log = join(stack.folder, "events.json");
  rmSync(log, { force: true });
  const result = await stack.pulumi(...args, "--event-log", log).catch((error) => error);
  if (!existsSync(log)) throw new Error(`pulumi ${args.join(" ")}: ${result.all}`);
  const events = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
  const resources = new Map<string, ResourceRun>();
  const of = (name: string): ResourceRun => {
    const run = resources.get(name) ?? { ops: [], paths: {}, errors: [] };
    resources.set(name, run);
    return run;
  };
  const refreshing = new Set<string>();
  for (const { resourcePreEvent, resOutputsEvent, diagnosticEvent } of events) {
    const [begun, done] = [resourcePreEvent?.metadata, resOutputsEvent?.metadata];
    // What a refresh has found is known when it is over.
    if (begun?.op === "refresh") refreshing.add(begun.urn);
    else if (begun) note(of(nameOf(begun.urn)), begun);
    if (done && refreshing.delete(done.urn)) note(of(nameOf(done.urn)), { ...done, op: "refresh" });
    if (diagnosticEvent?.urn && diagnosticEvent.severity === "error") of(nameOf(diagnosticEvent.urn)).errors.push(diagnosticEvent.message);
  }
  return { succeeded: result.exitCode === 0, text: String(result.all), of };
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

function note(run: ResourceRun, { op, detailedDiff }: StepMetadata): void {
  run.ops.push(op);
  const paths = Object.entries(detailedDiff ?? {}).map(([path, { diffKind }]) => `${diffKind} ${path}`);
  if (paths.length > 0) run.paths[op] = paths.sort();
}
