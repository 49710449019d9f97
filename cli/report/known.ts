import type { Drills } from "../../components/guards/drills.ts";
import { commandLine, levelCommands, leverArguments } from "../../components/levers/commands.ts";
import type { Plan, Probe } from "../../components/plan/plan.ts";
import type { Recorded } from "../../components/plan/report.ts";
import { verificationOf } from "../../components/plan/verification.ts";
import { duration } from "../../components/plan/words.ts";
import { lastTested } from "../../pages/runbook/lastTested.ts";
import { told } from "../pastLine.ts";
import type { PastUpdate } from "../stack/history.ts";
import { type Difference, differences, leversOf } from "../stack/levers.ts";
import { shown, utc } from "../text.ts";
import { type Happened, workFor } from "./happened.ts";

/** What the record of a rollback tells of what a report asks; nothing for what is not on record. */
export function known(plan: Plan, rollback: Happened, work: readonly PastUpdate[], drills: Drills): Partial<Record<Recorded, string[]>> {
  const { change, level, steps, what } = rollback;
  const [first, last] = [steps[0] as PastUpdate, steps.at(-1) as PastUpdate];
  const well = rollback.ended === "verified" || rollback.ended === "well, not verified";
  const endedAt = well && last.endedAt !== undefined ? [utc(last.endedAt)] : undefined;
  const verifiedAt = rollback.ended === "verified" ? endedAt : undefined;
  const held = (fits: (probe: Probe) => boolean) => {
    const titles = verificationOf(plan, level?.plan)
      .filter(fits)
      .map(({ title }) => title);
    return verifiedAt && titles.length > 0 ? titles : undefined;
  };
  const seconds = last.endedAt === undefined ? undefined : (Date.parse(last.endedAt) - Date.parse(first.startedAt)) / 1000;
  const rto = level ? `; at most ${duration(level.plan.rtoSeconds)}` : "";
  const values: Partial<Record<Recorded, string[] | undefined>> = {
    title: [plan.title],
    level: [level?.plan.title ?? what],
    executedBy: text(change.requestedBy),
    approvedBy: Array.isArray(change.approvedBy) ? change.approvedBy.map(String) : undefined,
    reason: text(change.reason),
    severity: text(change.severity),
    incident: text(change.incident),
    commands: commandsOf(rollback),
    changes: changesOf(rollback)?.map(({ path, from, to }) => `${path.join(".")}: ${shown(from)} → ${shown(to)}`),
    steps: workFor(rollback, work).map(stepLine),
    startedAt: [utc(first.startedAt)],
    endedAt,
    verifiedAt,
    took: seconds === undefined ? undefined : [`${Math.round(seconds)} s${rto}`],
    drilled: level && [lastTested(drills[level.name])],
    probes: held(() => true),
    errorRate: held(({ type }) => type === "errorRate"),
    latency: held(({ type }) => type === "latency"),
    answers: held(({ type }) => type === "http" || type === "provider"),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value.length > 0));
}

const text = (value: unknown): string[] | undefined => (value === undefined ? undefined : [String(value)]);

function stepLine(update: PastUpdate): string {
  const { at, what, by, seconds, ended } = told(update);
  const took = seconds === null ? "" : `, ${seconds} s`;
  return `${utc(at)}: ${what}${by ? ` by ${by}` : ""}${took}, ended ${ended}`;
}

/** Levers that the rollback changed; nothing where what was before it is not known. Credentials are not told. */
function changesOf({ before, steps }: Happened): Difference[] | undefined {
  if (!before) return undefined;
  return changedBetween(before, steps.at(-1) as PastUpdate);
}

const changedBetween = (before: PastUpdate, after: PastUpdate): Difference[] =>
  differences(before.levers, after.levers).filter(({ path: [lever] }) => lever !== "change" && lever !== "credentials");

/** As a person types it, each step with its own update; the plan's words where what was before it is not known. */
function commandsOf({ before, steps, level }: Happened): string[] | undefined {
  if (!before) return level && levelCommands(level.plan);
  return steps.flatMap((step, index) => {
    const found = changedBetween(steps[index - 1] ?? before, step);
    return [...leversOf(found).map((lever) => commandLine(leverArguments(lever))), "pulumi up"];
  });
}
