import { z } from "zod";
import { type Audience, audiences } from "../plan/flag.ts";
import type { Plan } from "../plan/plan.ts";
import { list } from "./list.ts";
import { boolean, integer, isObject, quote } from "./scalars.ts";

type PlanFlags = Plan["flags"];
type Side = "only" | "except";

/** A flag or group of the plan, as far as its lever is concerned. */
interface Switch {
  name: string;
  /** The flags it switches: itself, or a group's members. */
  members: [name: string, flag: PlanFlags["known"][string]][];
  /** On for everyone unless the stack says otherwise: then saying for whom it is not on says enough. */
  onByDefault: boolean;
}

const nouns: Record<Audience, string> = {
  users: "user",
  tenants: "tenant",
  segments: "segment",
  endpoints: "endpoint",
  models: "model",
};

const tooLong = (path: string, side: Side, audience: Audience) => {
  const segments = path.replace(new RegExp(`${audience}$`), "segments");
  const instead = side === "only" ? "Limit it to a segment that their records carry" : "Give their records a segment and leave that out";
  return {
    advice: `${instead}, or lower the percentage: a rollback stays a line or two that anyone can read.`,
    command: `pulumi config rm --path ${path} && pulumi config set --path ${segments} <segment>`,
  };
};

function lists(path: string, side: Side, audience: PlanFlags["audience"]) {
  const shape = audiences.map((name) => {
    const at = `${path}.${side}.${name}`;
    return [name, list({ path: at, noun: nouns[name], known: audience[name], tooLong: tooLong(at, side, name) }).optional()] as const;
  });
  return z.strictObject(Object.fromEntries(shape) as Record<Audience, (typeof shape)[number][1]>, {
    error: (issue) => `expected lists of ${audiences.join(", ")}, got ${quote(issue.input)}`,
  });
}

const shortForm = (value: unknown): unknown =>
  value === true || value === "true" ? { enabled: true } : value === false || value === "false" ? { enabled: false } : value;

function longForm(path: string, audience: PlanFlags["audience"]) {
  return z.strictObject(
    {
      /** Whether it is on at all; `false` wins over everything else, which then stays as it is for the way back. */
      enabled: boolean().optional(),
      /** 0 to 100: the share of users it is on for. */
      percentage: integer(0, 100).optional(),
      /** It is on for these alone; an empty list is nobody. */
      only: lists(path, "only", audience).optional(),
      /** It is off for these. */
      except: lists(path, "except", audience).optional(),
    },
    { error: (issue) => `expected true, false or { enabled, percentage, only, except }, got ${quote(issue.input)}` },
  );
}

/** What a stack says of one flag. */
export type FlagLever = z.output<ReturnType<typeof longForm>>;
/** What a stack says of its flags, by name of the flag or group. */
export type FlagLevers = Record<string, FlagLever | undefined>;

/** Whether a lever says for whom its flag is on: then it is, for them, whatever the plan's default. */
export const saysForWhom = ({ percentage, only = {} }: FlagLever): boolean => percentage !== undefined || Object.keys(only).length > 0;

type Refuse = (path: string[], message: string, command: string) => void;

/** What the app has no way to read: the rollback would be accepted and not happen. */
function refuseUnreadable({ name, members }: Switch, lever: FlagLever, refuse: Refuse): void {
  const unable = (can: (variables: NonNullable<PlanFlags["known"][string]["env"]>) => unknown): string[] =>
    members.flatMap(([member, { env }]) => (env && !can(env) ? [`${member} (${env.enabled})`] : []));
  const refuseFor = (path: string[], what: string, flags: string[]): void => {
    if (flags.length === 0) return;
    const message = `the app cannot switch ${flags.join(", ")} ${what}: the plan names no environment variable for it`;
    refuse(path, message, `pulumi config rm --path ${["flags", name, ...path].join(".")}`);
  };
  if (lever.percentage !== undefined) {
    const flags = unable(({ percentage }) => percentage);
    refuseFor(["percentage"], "for a share of users", flags);
  }
  for (const side of ["only", "except"] as const) {
    for (const audience of audiences) {
      if (lever[side]?.[audience] === undefined) continue;
      const flags = unable((variables) => variables[side][audience]);
      refuseFor([side, audience], `${side === "only" ? "for single" : "off for single"} ${audience}`, flags);
    }
  }
}

function refuseContradictions({ name, onByDefault }: Switch, lever: FlagLever, refuse: Refuse): void {
  const { enabled, only, except = {} } = lever;
  for (const audience of audiences) {
    const [allowed, denied] = [only?.[audience], except[audience]];
    if (!Array.isArray(allowed) || !Array.isArray(denied)) continue;
    const both = allowed.filter((entry) => denied.includes(entry));
    if (both.length === 0) continue;
    const path = `flags.${name}.only.${audience}`;
    const rest = allowed.filter((entry) => !both.includes(entry));
    const command =
      rest.length > 0 ? `pulumi config set --path --type string ${path} ${rest.join(",")}` : `pulumi config rm --path ${path}`;
    refuse(["only", audience], `${both.map(quote).join(", ")} under except too; a ${nouns[audience]} is either in or out`, command);
  }
  if (Object.keys(except).length > 0 && enabled === undefined && !saysForWhom(lever) && !onByDefault) {
    const message = "says for whom it is not on, but not that it is on, and it is off unless the stack says otherwise";
    refuse([], message, `pulumi config set --path flags.${name}.enabled true`);
  }
}

function flagLever(flag: Switch, audience: PlanFlags["audience"]) {
  const schema = longForm(`flags.${flag.name}`, audience).superRefine(
    (lever, context) => {
      const refuse: Refuse = (path, message, command) => context.addIssue({ code: "custom", path, message, params: { command } });
      refuseUnreadable(flag, lever, refuse);
      refuseContradictions(flag, lever, refuse);
    },
    // Also beside fields that are wrong by themselves: every problem is told at once.
    { when: ({ value }) => isObject(value) },
  );
  return z.preprocess(shortForm, schema).optional();
}

function switchesOf({ known, groups }: PlanFlags): Switch[] {
  const flags = Object.entries(known).map(([name, flag]): Switch => ({ name, members: [[name, flag]], onByDefault: flag.default }));
  const grouped = Object.entries(groups).map(([name, { members }]): Switch => {
    const found = members.map((member) => [member, known[member] as PlanFlags["known"][string]] as Switch["members"][number]);
    return { name, members: found, onByDefault: true };
  });
  return [...flags, ...grouped];
}

/**
 * The lever `flags`: for each flag and group of the plan `true`, `false`, or for whom it is on. A group's lever narrows its members'.
 */
export function flagsSchema({ flags }: Plan) {
  const shape = switchesOf(flags).map((flag) => [flag.name, flagLever(flag, flags.audience)] as const);
  return z.strictObject(Object.fromEntries(shape), { error: (issue) => `expected { <flag>: … }, got ${quote(issue.input)}` }).prefault({});
}
