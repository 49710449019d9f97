import { type Change, type Drilled, describeChange } from "../../../components/guards/change.ts";
import type { Guard } from "../../../components/guards/guard.ts";
import { checkLevers } from "../../../components/levers/check.ts";
import type { Problem } from "../../../components/levers/errors.ts";
import type { Levers } from "../../../components/levers/levers.ts";
import { type Config, pulled } from "../../../components/levers/pulled.ts";
import type { Plan, PlanInput, PlanLever } from "../../../components/plan/plan.ts";
import { historySince, type ReleaseRecord } from "../../../components/releaseRecord.ts";
import { trackLevers } from "../../../components/trackLevers.ts";
import { level, planWith } from "../flags/plans.ts";

export { level } from "../flags/plans.ts";

export const image = (digit: string) => `registry.example/shop@sha256:${digit.repeat(64)}`;

const safeguard = {
  description: "Asks before it pays",
  safe: "on",
  default: true,
  env: { enabled: "ASK", percentage: "ASK_PERCENT", only: {}, except: {} },
} as const;
const variables = (name: string) => ({
  enabled: name,
  percentage: `${name}_PERCENT`,
  only: { users: `${name}_USERS` },
  except: { users: `${name}_NOT_USERS` },
});

/** A system with everything that a rollout can move, and a ladder of 10, 50 and 100 %. */
export const shopWith = (more: Partial<PlanInput> = {}): Plan =>
  planWith(
    {
      known: {
        search: { description: "Search", env: variables("SEARCH") },
        advice: { description: "Advice", env: variables("ADVICE") },
        voice: { description: "Voice", env: { enabled: "VOICE" } },
        askFirst: safeguard,
      },
      groups: { assistants: { description: "What answers", members: ["search", "advice"] } },
    },
    {
      providers: {
        fallback: "openai",
        candidate: "gemini",
        known: Object.fromEntries(
          ["openai", "gemini", "vertex"].map((name) => [
            name,
            { env: { AI_PROVIDER: name }, credentials: { apiKey: `${name.toUpperCase()}_API_KEY` } },
          ]),
        ),
      },
      features: { reports: { title: "Reports", functions: { reports: { command: ["reports"] } } } },
      settings: {
        attempts: { type: "integer", env: "ATTEMPTS", description: "Attempts", default: 3 },
        waitSeconds: { type: "integer", env: "WAIT", description: "Wait" },
      },
      before: { aiProvider: "gemini", stable: { aiProvider: "openai" }, canary: { weight: 50 } },
      levels: {
        provider: level({ path: "aiProvider", value: "openai" }),
        traffic: level({ path: "canary.weight", value: 0 }),
        code: level({ path: "stable.image", sameAs: "previous.image" }, { path: "canary", remove: true }),
        attempts: level({ path: "settings.attempts", value: 1 }),
        search: level({ path: "flags.search.enabled", value: false }),
      },
      milestones: [
        { title: "A tenth", percentage: 10, holdHours: 24 },
        { title: "Half", percentage: 50, holdHours: 48 },
        { title: "Everybody", percentage: 100, holdHours: 48 },
      ],
      ...more,
    },
  );

export const shop = shopWith();

const credentials = { openai: { apiKey: "sk-one" }, gemini: { apiKey: "key-two" }, vertex: { apiKey: "key-three" } };

/** Stable on the fallback provider, the canary with a tenth of the traffic on the candidate. */
export const config: Config = {
  system: "shop",
  aiProvider: "gemini",
  stable: { image: image("a"), aiProvider: "openai" },
  canary: { image: image("a"), weight: 10 },
  previous: { image: image("0") },
  credentials,
};

/** `{ "canary.weight": 50 }`, each as `pulumi config set --path` sets it; undefined as `pulumi config rm`. */
export type Sets = Record<string, unknown>;

export const set = (from: Config, sets: Sets): Config =>
  Object.entries(sets).reduce(
    (now, [path, value]) => pulled(now, (value === undefined ? { path, remove: true } : { path, value }) as PlanLever),
    from,
  );

export const leversOf = (plan: Plan, from: Config): Levers => checkLevers(plan, from, plan.system);

/** As it stands in a stack's outputs after a verified update. */
export function recordOf(plan: Plan, levers: Levers, last: ReleaseRecord | undefined, at: Date): ReleaseRecord {
  const tracks = trackLevers(plan, levers).map((track) => ({ ...track, template: track.image }));
  const change = describeChange({ plan, levers, last, drills: {}, now: at });
  return JSON.parse(JSON.stringify({ tracks, selector: {}, settings: [], flags: [], credentials: {}, ...historySince(change, at) }));
}

export const ago = (hours: number, from = now): Date => new Date(from.getTime() - hours * 3_600_000);
export const now = new Date("2026-11-21T12:00:00Z");

export interface Update {
  plan?: Plan;
  /** The plan of the verified update before, where the code changed since. */
  planBefore?: Plan;
  /** Sets on top of {@link config} that led to each verified update, the oldest first. None: it is the first update. */
  verified?: Sets[];
  /** Sets on top of those. */
  sets?: Sets;
  /** How long ago the last verified update was; each one before was a day earlier. */
  heldHours?: number;
  at?: Date;
  drills?: Record<string, Drilled>;
}

/** An update of the shop after others that were verified. */
export function updateOf({
  plan = shop,
  planBefore = plan,
  verified = [{}],
  sets = {},
  heldHours = 240,
  at = now,
  drills = {},
}: Update): Change {
  let from = config;
  let last: ReleaseRecord | undefined;
  for (const [index, earlier] of verified.entries()) {
    from = set(from, earlier);
    last = recordOf(planBefore, leversOf(planBefore, from), last, ago(heldHours + 24 * (verified.length - 1 - index), at));
  }
  return describeChange({ plan, levers: leversOf(plan, set(from, sets)), last, drills, now: at });
}

/** What a guard finds, each problem as one line and the command that mends it. */
export const found = (guard: Guard, change: Change): string[] =>
  guard.check(change).map(({ path, message, command }: Problem) => `${path}: ${message} | ${command}`);
