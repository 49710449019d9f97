import { levelCommands } from "../../components/levers/commands.ts";
import { isObject } from "../../components/levers/scalars.ts";
import type { Known } from "../../components/plan/message.ts";
import type { Level, Plan } from "../../components/plan/plan.ts";
import { duration } from "../../components/plan/words.ts";
import { same } from "../change/restored.ts";
import { told } from "../pastLine.ts";
import type { PastUpdate } from "../stack/history.ts";
import { utc } from "../text.ts";

export interface Sources {
  /** The `change` lever as the stack's file has it. */
  change: unknown;
  /** The newest updates first. */
  history: readonly PastUpdate[];
  now: Date;
}

/** What is known of the rollback that a text is about. */
export interface About {
  /** Which rollback that is, for whoever sends the text. */
  which: string;
  known: Partial<Record<Known, string>>;
}

interface Rollback {
  change: Record<string, unknown>;
  startedAt: Date;
  /** Nothing while it is under way. */
  ended?: { at: string | undefined; how: ReturnType<typeof told>["ended"] };
}

/**
 * The rollback that the stack's `change` lever tells of and no update has ended yet, which begins now; else the last update, where it
 * says of itself what it was for. An update that has only inherited the record of another is about nothing that is known.
 */
export function about(plan: Plan, sources: Sources): About | undefined {
  const rollback = underWay(sources) ?? lastUpdate(plan, sources.history);
  if (!rollback) return undefined;
  const { change, startedAt, ended } = rollback;
  const level = plan.levels[String(change.level)];
  const well = ended !== undefined && ended.how !== "failed" && ended.how !== "cut off";
  const endedAt = well && ended.at !== undefined ? utc(ended.at) : undefined;
  const verified = ended?.how === "verified";
  const known = {
    level: level?.title,
    rto: level && duration(level.rtoSeconds),
    eta: level && utc(startedAt.getTime() + level.rtoSeconds * 1000),
    reason: text(change.reason),
    incident: text(change.incident),
    requestedBy: text(change.requestedBy),
    commands: endedAt && level && typedFor(level),
    state: ended === undefined ? "In Progress" : well ? "Completed" : "Not completed",
    outcome: endedAt && level && `${level.title}, ${verified ? "verified" : "carried out, not verified"} ${endedAt}`,
    startedAt: utc(startedAt),
    endedAt,
    verifiedAt: verified ? endedAt : undefined,
  };
  const which = `${level?.title ?? "the change"}, ${ended ? `begun ${known.startedAt}` : "under way"}`;
  return { which, known: Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) };
}

function underWay({ change, history: [last], now }: Sources): Rollback | undefined {
  return isObject(change) && !same(change, last?.levers.change) ? { change, startedAt: now } : undefined;
}

function lastUpdate(plan: Plan, history: readonly PastUpdate[]): Rollback | undefined {
  const [last, before] = history;
  if (!last || !isObject(last.levers.change)) return undefined;
  const { level, what, ended } = told(last);
  if (what === "pulumi up" && same(last.levers.change, before?.levers.change)) return undefined;
  // Each step of a level is an update, with the same message.
  const all = plan.levels[level ?? ""]?.steps.length ?? 1;
  const steps = history.slice(0, all).filter(({ message }) => message === last.message);
  const begun = { change: last.levers.change, startedAt: new Date(steps.at(-1)?.startedAt ?? last.startedAt) };
  const goesOn = last.result === "in-progress" || (last.result === "succeeded" && steps.length < all);
  return goesOn ? begun : { ...begun, ended: { at: last.endedAt, how: ended } };
}

const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

/** Nothing where a person chose a part of it, which the plan does not tell. */
function typedFor(level: Level): string | undefined {
  const chosen = level.steps.some(({ levers }) => levers.some((lever) => "value" in lever && lever.chosen !== undefined));
  const lines = levelCommands(level).map((line, index) => `${index + 1}. ${line}`);
  return chosen ? undefined : lines.join("\n");
}
