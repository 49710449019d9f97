import { z } from "zod";
import { type Audience, audiences } from "../plan/flag.ts";
import type { Plan } from "../plan/plan.ts";
import { list, setList } from "./list.ts";
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

type Variables = NonNullable<PlanFlags["known"][string]["env"]>;

/** The members that are read from environment variables which lack this one. */
const unable = ({ members }: Switch, has: (variables: Variables) => unknown): string[] =>
  members.flatMap(([member, { env }]) => (env && !has(env) ? [`${member} (${env.enabled})`] : []));

const nouns: Record<Audience, string> = {
  users: "user",
  tenants: "tenant",
  segments: "segment",
  endpoints: "endpoint",
  models: "model",
};

/** Where to put more entries than a stack file holds: the first of these that the app can read. */
function tooLong(flag: Switch, side: Side, audience: Audience): { advice: string; command: string } {
  const path = `flags.${flag.name}`;
  const [advice, instead] =
    audience !== "segments" && unable(flag, (variables) => variables[side].segments).length === 0
      ? ["Give them a segment in the app's own records and name that", `${side}.segments <segment>`]
      : unable(flag, ({ percentage }) => percentage).length === 0
        ? ["Lower the percentage", "percentage <0 to 100>"]
        : ["Switch it off", "enabled false"];
  return {
    advice: `${advice}: a rollback stays a line or two that anyone can read.`,
    command: `pulumi config rm --path ${path}.${side}.${audience} && pulumi config set --path ${path}.${instead}`,
  };
}

function lists(flag: Switch, side: Side, audience: PlanFlags["audience"]) {
  const shape = audiences.map((name) => {
    const path = `flags.${flag.name}.${side}.${name}`;
    return [name, list({ path, noun: nouns[name], known: audience[name], tooLong: tooLong(flag, side, name) }).optional()] as const;
  });
  return z.strictObject(Object.fromEntries(shape) as Record<Audience, (typeof shape)[number][1]>, {
    error: (issue) => `expected lists of ${audiences.join(", ")}, got ${quote(issue.input)}`,
  });
}

const shortForm = (value: unknown): unknown =>
  value === true || value === "true" ? { enabled: true } : value === false || value === "false" ? { enabled: false } : value;

function longForm(flag: Switch, audience: PlanFlags["audience"]) {
  return z.strictObject(
    {
      /** Whether it is on at all; `false` wins over everything else, which then stays as it is for the way back. */
      enabled: boolean().optional(),
      /** 0 to 100: the share of users it is on for. */
      percentage: integer(0, 100).optional(),
      /** It is on for these alone; an empty list is nobody. */
      only: lists(flag, "only", audience).optional(),
      /** It is off for these. */
      except: lists(flag, "except", audience).optional(),
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
function refuseUnreadable(flag: Switch, lever: FlagLever, refuse: Refuse): void {
  const refuseFor = (path: string[], what: string, members: string[]): void => {
    if (members.length === 0) return;
    const message = `the app cannot switch ${members.join(", ")} ${what}: the plan names no environment variable for it`;
    refuse(path, message, `pulumi config rm --path ${["flags", flag.name, ...path].join(".")}`);
  };
  if (lever.percentage !== undefined) {
    const members = unable(flag, ({ percentage }) => percentage);
    refuseFor(["percentage"], "for a share of users", members);
  }
  for (const side of ["only", "except"] as const) {
    for (const audience of audiences) {
      if (lever[side]?.[audience] === undefined) continue;
      const members = unable(flag, (variables) => variables[side][audience]);
      refuseFor([side, audience], `${side === "only" ? "on" : "off"} for single ${audience}`, members);
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
    const command = setList(
      `flags.${name}.only.${audience}`,
      allowed.filter((entry) => !both.includes(entry)),
    );
    refuse(["only", audience], `${both.map(quote).join(", ")} under except too; a ${nouns[audience]} is either in or out`, command);
  }
  if (Object.keys(except).length > 0 && enabled === undefined && !saysForWhom(lever) && !onByDefault) {
    const message = "says for whom it is not on, but not that it is on, and it is off unless the stack says otherwise";
    refuse([], message, `pulumi config set --path flags.${name}.enabled true`);
  }
}

function flagLever(flag: Switch, audience: PlanFlags["audience"]) {
  const schema = longForm(flag, audience).superRefine(
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
