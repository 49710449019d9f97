/** One level under load: steady state, lever, verification, measure, and back. */

import { commandLine, type Lever, leverArguments, readArguments, rehearsed } from "../components/levers/commands.ts";
import { changesDatabase } from "../components/levers/elsewhere.ts";
import type { Level, Plan, PlanLever, Probe } from "../components/plan/plan.ts";
import { verificationOf } from "../components/plan/verification.ts";
import type { ProbeContext, ProbeResult } from "../probes/context.ts";
import { type Patience, runProbe } from "../probes/probe.ts";
import { now, type Route, send } from "../probes/request.ts";
import { upArguments } from "../pulumi/levers.ts";
import { CommandError, type CommandRun, type Pulumi } from "../pulumi/pulumi.ts";
import type { DrillDatabase } from "./database.ts";
import { stepsTaken } from "./databaseSteps.ts";
import { type Gauge, startGauge, watch } from "./gauge.ts";
import type { IntegrityQueries } from "./integrity.ts";
import type { Kube } from "./kube.ts";
import type { LoadTarget } from "./load.ts";
import { interrupted, type LevelOutcome, seconds } from "./outcome.ts";
import { readRelease } from "./release.ts";
import type { Backup } from "./restoration.ts";
import { choosing, countLoss, newestBackup, recoverLoss } from "./restore.ts";
import type { SafeState } from "./safety.ts";
import type { SavedRows, SavedRowsBook } from "./savedRows.ts";

const baselineMs = 4000;
const tailMs = 4000;
/** What an update made may take a moment to reach every part of the cluster; kube-proxy of a busy node, a second or two. */
const settleMs = 15_000;

export interface LevelContext {
  plan: Plan;
  pulumi: Pulumi;
  kube: Kube;
  /** How requests reach the service; null where there is no traffic. */
  traffic: { target: LoadTarget; route: Route; rate: number } | null;
  /** What must be kept of its data; null where the system has no database in the drill. */
  data: { database: DrillDatabase; rows: SavedRowsBook; integrity: IntegrityQueries } | null;
  /** What the level takes back by restoring a backup, and what is therefore deployed under load, with a backup before it; null for every other. */
  deployment: readonly Lever[] | null;
  /** Milliseconds until a request counts as dropped. */
  timeoutMs: number;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  step: <T>(name: string, work: (report: (line: string) => void) => Promise<T>) => Promise<T>;
}

/** Rehearses one level. What goes wrong, an interruption included, is in the outcome: a pulled lever must be put back whatever happens. */
export async function drillLevel(name: string, level: Level, context: LevelContext): Promise<LevelOutcome> {
  const { plan, traffic, step, signal } = context;
  const outcome = emptyOutcome(name, level, traffic?.rate ?? 0);
  const probes: ProbeContext = {
    kube: context.kube,
    send: traffic && ((call) => send(traffic.route, call)),
    container: plan.service.container,
    timeoutMs: context.timeoutMs,
    signal,
    leverValue: async (path) => (await context.pulumi.run(readArguments(path))).stdout.trim(),
  };
  const steady = [...plan.verification, ...level.verification.filter((probe) => probe.type === "http" && probe.answer === undefined)];
  const until = now() + settleMs;
  outcome.before = await step(`${name}: steady state`, () => runAll(steady, probes, { requests: until, cluster: until }));
  if (outcome.before.some((probe) => probe.passed === false)) return finished(outcome);

  const gauge = await startGauge(context, level, outcome);
  let backup: Backup | undefined;
  try {
    backup = await deploy(outcome, context);
    const began = now();
    const answered = () => now() >= began + baselineMs && gauge.answeredUntil(began + baselineMs);
    await step(`${name}: baseline for ${seconds(baselineMs, 0)}`, (report) =>
      watch(gauge, report, signal, answered, began + baselineMs + context.timeoutMs + 1000),
    );
    outcome.before.push(...gauge.baseline(outcome.startedAt), ...((await context.data?.integrity.before(await revision(context))) ?? []));
    if (outcome.before.every((probe) => probe.passed !== false)) {
      await pull(outcome, backup ? choosing(level, backup) : level, context, gauge);
      if (changesDatabase(level)) outcome.database = await stepsTaken(context);
      if (level.safe.release) {
        outcome.safe = { ...outcome.safe, releases: await servingReleases(context.pulumi) };
        gauge.judgeBy(outcome.safe);
      }
      const deadline = outcome.startedAt + level.rtoSeconds * 1000;
      const verification = [...verificationOf(plan, level), ...level.rehearsal];
      outcome.after = await step(`${name}: verification`, () => runAll(verification, probes, { requests: 0, cluster: deadline }));
      const enough = now() + tailMs;
      const settled = () => now() >= enough && gauge.settled(outcome);
      await step(`${name}: load goes on`, (report) => watch(gauge, report, signal, settled, Math.max(enough, deadline)));
    }
  } catch (error) {
    if (error instanceof CommandError) outcome.commands.push(error.run);
    outcome.error = signal.aborted ? interrupted : message(error);
  }
  await gauge.stop(outcome).catch((error) => {
    outcome.error ??= message(error);
  });
  context.data?.rows.note(outcome.records);
  if (backup && outcome.marks !== null) await lookForLoss(outcome, backup, context);
  else await lookForRows(outcome, "the level", context);
  if (outcome.marks !== null) await askWhetherWhole(outcome, context);
  return finished(outcome);
}

/** That the stack's database has. */
const revision = async ({ pulumi }: LevelContext): Promise<string> => (await pulumi.run(readArguments("database.revision"))).stdout.trim();

async function askWhetherWhole(outcome: LevelOutcome, context: LevelContext): Promise<void> {
  const { data, step } = context;
  if (data === null) return;
  try {
    outcome.after.push(
      ...(await step(`${outcome.name}: whether the data are whole`, async () => data.integrity.after(await revision(context)))),
    );
  } catch (error) {
    outcome.error ??= `whether the data are whole could not be asked: ${message(error)}`;
  }
}

/** The deployment that the level takes back, where it restores a backup: the one that the deployment takes. */
async function deploy({ name }: LevelOutcome, { deployment, pulumi, step }: LevelContext): Promise<Backup | undefined> {
  if (deployment === null) return undefined;
  await step(`${name}: the deployment that it takes back`, () => setLevers(deployment, pulumi));
  return newestBackup(pulumi);
}

/** Counts what a restore lost, recovers it, and looks for every row; what goes wrong is in the outcome. */
async function lookForLoss(outcome: LevelOutcome, backup: Backup, context: LevelContext): Promise<void> {
  const { name } = outcome;
  try {
    const restoration = await context.step(`${name}: what the restore lost`, () => countLoss(backup, context));
    outcome.restoration = restoration;
    await context.step(`${name}: recovering what the restore lost`, () => recoverLoss(restoration, context));
  } catch (error) {
    outcome.error ??= `what the restore lost could not be counted and recovered: ${message(error)}`;
  }
  await lookForRows(outcome, "the recovery", context);
}

/** Looks for every row that a client was told of so far, while nothing is in flight; what goes wrong is in the outcome. */
export async function lookForRows(outcome: LevelOutcome, after: SavedRows["after"], { data, step }: LevelContext): Promise<void> {
  if (data === null) return;
  try {
    outcome.saved.push(await step(`${outcome.name}: looking for every saved row after ${after}`, () => data.rows.check(after)));
  } catch (error) {
    outcome.error ??= `the saved rows could not be looked for after ${after}: ${message(error)}`;
  }
}

async function pull(outcome: LevelOutcome, level: Level, { pulumi, step, signal }: LevelContext, gauge: Gauge): Promise<void> {
  const pulledAt = now();
  outcome.startedAt = pulledAt;
  const marks = { pulledAt, upStartedAt: pulledAt, upEndedAt: pulledAt };
  outcome.marks = marks;
  const run = async (args: readonly string[]): Promise<CommandRun> => {
    try {
      const done = await pulumi.run(args);
      outcome.commands.push(done);
      return done;
    } finally {
      marks.upEndedAt = now();
      signal.throwIfAborted();
    }
  };
  for (const [index, { levers }] of level.steps.entries()) {
    const line = [...levers.map(rehearsed), commandLine(upArguments)].join(" && ");
    await step(`${outcome.name}: ${line}`, async (report) => {
      const ticker = setInterval(() => report(gauge.line()), 500);
      try {
        for (const lever of levers) await run(leverArguments({ path: lever.path, value: await valueFor(lever, run) }));
        if (index === 0) marks.upStartedAt = now();
        await declaringMaintenance(outcome, levers, () => run(upArguments));
      } finally {
        clearInterval(ticker);
      }
    });
  }
}

/** Notes from when to when the level declares maintenance, which one step turns on and a later one off. */
async function declaringMaintenance(
  { maintenance }: LevelOutcome,
  levers: readonly PlanLever[],
  up: () => Promise<unknown>,
): Promise<void> {
  const lever = levers.findLast(({ path }) => path === "maintenance");
  const turnedOn = lever && "value" in lever && lever.value === true;
  if (turnedOn) maintenance.push({ from: now(), to: Number.POSITIVE_INFINITY });
  await up();
  const window = maintenance.at(-1);
  if (window && lever && !turnedOn) window.to = now();
}

/** What the pods that serve are made of, as the stack's release record has it. */
async function servingReleases(pulumi: Pulumi): Promise<string[]> {
  const { tracks } = await readRelease(pulumi);
  return tracks.filter(({ serving }) => serving).map(({ template }) => template);
}

/** What a plan's lever is set to, here and now. */
export async function valueFor(lever: PlanLever, run: (args: readonly string[]) => Promise<CommandRun>): Promise<Lever["value"]> {
  if ("sameAs" in lever) return (await run(readArguments(lever.sameAs))).stdout.trim();
  return "value" in lever ? lever.value : undefined;
}

/** Sets the levers and lets the stack follow; throws `CommandError`. */
export async function setLevers(levers: readonly Lever[], pulumi: Pulumi): Promise<CommandRun[]> {
  const runs: CommandRun[] = [];
  for (const lever of levers) runs.push(await pulumi.run(leverArguments(lever)));
  runs.push(await pulumi.run(upArguments));
  return runs;
}

async function runAll(list: readonly Probe[], context: ProbeContext, patience: Patience): Promise<ProbeResult[]> {
  const results: ProbeResult[] = [];
  for (const probe of list) results.push(await runProbe(probe, context, patience));
  return results;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function safeBefore({ release, ...safe }: Level["safe"]): SafeState {
  return release === undefined ? safe : { ...safe, releases: [] };
}

function emptyOutcome(name: string, level: Level, rate: number): LevelOutcome {
  const startedAt = now();
  return {
    name,
    title: level.title,
    rtoSeconds: level.rtoSeconds,
    safe: safeBefore(level.safe),
    maintenance: [],
    startedAt,
    endedAt: startedAt,
    before: [],
    after: [],
    commands: [],
    rollbacks: [],
    marks: null,
    measurement: null,
    records: [],
    saved: [],
    restoration: null,
    database: null,
    rate,
    error: null,
  };
}

function finished(outcome: LevelOutcome): LevelOutcome {
  outcome.endedAt = now();
  return outcome;
}
