import { z } from "zod";
import { aftercare, checklists, troubleshooting } from "./aftercare.ts";
import { before } from "./before.ts";
import { cache } from "./cache.ts";
import { contact, escalationStep, onCall } from "./contact.ts";
import { contradictions } from "./contradictions.ts";
import { database } from "./database.ts";
import { decision } from "./decision.ts";
import { feature } from "./feature.ts";
import { flags } from "./flag.ts";
import { level } from "./level.ts";
import { maintenance } from "./maintenance.ts";
import { message } from "./message.ts";
import { metrics } from "./metrics.ts";
import { milestone } from "./milestone.ts";
import { network } from "./network.ts";
import { objectives } from "./objectives.ts";
import { probe } from "./probe.ts";
import { providers } from "./providers.ts";
import { query } from "./query.ts";
import { repair } from "./repair.ts";
import { report } from "./report.ts";
import { service } from "./service.ts";
import { setting } from "./setting.ts";
import { task } from "./task.ts";
import { traffic } from "./traffic.ts";
import { trigger } from "./trigger.ts";
import { safeguard, watchPeriod } from "./watchPeriod.ts";
import { worker } from "./worker.ts";

/**
 * A rollback plan: what a team agreed on before anything went wrong. Plans are code (`stacks/<system>.ts`), reviewed in calm;
 * the levers a plan's levels pull are data (`stacks/Pulumi.<stack>.yaml`), changed in an emergency.
 */
const planSchema = z.strictObject({
  system: z.string(),
  title: z.string(),
  service,
  workers: z.record(z.string(), worker).default({}),
  /** In the order in which they run. */
  tasks: z.record(z.string(), task).default({}),
  /** Left out for a system that cannot be taken out of service. */
  maintenance: maintenance.optional(),
  traffic,
  network: network.optional(),
  providers,
  flags,
  /** What can be taken away as a whole and brought back. */
  features: z.record(z.string(), feature).default({}),
  settings: z.record(z.string(), setting).default({}),
  /** Left out for a system whose data are not rolled back with it. */
  database: database.optional(),
  cache: cache.optional(),
  objectives,
  before,
  /** What must hold after every update, whatever it changed. */
  verification: z.array(probe).default([]),
  levels: z.record(z.string(), level),
  triggers: z.record(z.string(), trigger).default({}),
  metrics: metrics.prefault({}),
  /** The decision matrix, the most severe row first. */
  decisions: z.array(decision).default([]),
  /** Role → who that is. */
  contacts: z.record(z.string(), contact).default({}),
  onCall: z.array(onCall).default([]),
  /** In the order of minutes. */
  escalation: z.array(escalationStep).default([]),
  /** The way back to the candidate, up to everybody. */
  milestones: z.array(milestone).default([]),
  /** After that, in order. */
  watch: z.array(watchPeriod).default([]),
  safeguards: z.array(safeguard).default([]),
  messages: z.record(z.string(), message).default({}),
  /** What is written down about a rollback. */
  reports: z.record(z.string(), report).default({}),
  /** Questions to the database, for whoever carries out or follows up a rollback. */
  queries: z.record(z.string(), query).default({}),
  /** What puts right the data that an integrity query found wrong. */
  repairs: z.record(z.string(), repair).default({}),
  checklists: checklists.prefault({}),
  afterwards: z.array(aftercare).default([]),
  troubleshooting: z.array(troubleshooting).default([]),
});

/** A plan as {@link definePlan} returns it: checked and with its defaults filled in. */
export type Plan = z.output<typeof planSchema>;
/** What a team writes. */
export type PlanInput = z.input<typeof planSchema>;
export type Trigger = Plan["triggers"][string];
export type Query = Plan["queries"][string];
export type Repair = Plan["repairs"][string];
export type Report = Plan["reports"][string];
export type Level = Plan["levels"][string];
export type Step = Level["steps"][number];
export type PlanLever = Step["levers"][number];
export type Probe = Plan["verification"][number];
export type Worker = Plan["workers"][string];
export type Task = Plan["tasks"][string];
export type Feature = Plan["features"][string];
export type Database = NonNullable<Plan["database"]>;
export type Setting = Plan["settings"][string];
export type TrackName = "stable" | "canary" | "fallback";

/** A plan that contradicts itself; the message lists every problem with its path. */
export class PlanError extends Error {
  override name = "PlanError";
}

/**
 * Checks a plan and fills in its defaults.
 *
 * @throws {PlanError} listing every field that is wrong and every contradiction, each with its path.
 */
export function definePlan(input: PlanInput): Plan {
  const parsed = planSchema.safeParse(input);
  const problems = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  if (!parsed.success || problems.length > 0) {
    throw new PlanError(`The plan of ${input.system} cannot be used:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
  }
  return parsed.data;
}
