/** A rollback is never held back by a rule that slows rollouts: every level of every plan, from every state a rollout can be in. */

import { beforeAll, describe, expect, it } from "vitest";
import { exposures } from "../../../components/exposure.ts";
import { describeChange } from "../../../components/guards/change.ts";
import type { Guard } from "../../../components/guards/guard.ts";
import { judge } from "../../../components/guards/judge.ts";
import { guards } from "../../../components/guards/list.ts";
import type { RuleName } from "../../../components/guards/names.ts";
import { previousImage } from "../../../components/guards/previousImage.ts";
import { leverProblems } from "../../../components/levers/check.ts";
import type { Config } from "../../../components/levers/pulled.ts";
import type { Level, Plan } from "../../../components/plan/plan.ts";
import type { ReleaseRecord } from "../../../components/releaseRecord.ts";
import { plans } from "../../../stacks/plans.ts";
import { ago, image, leversOf, now, recordOf, set } from "./shop.ts";
import { applies, carriedOut, circumstances, percentages, statesOf } from "./states.ts";

/** The strictest rule there could be: it refuses every change that it may. */
const refusesAll: Guard = {
  name: "change-freeze",
  description: "Nothing changes.",
  why: "for this test",
  severity: "low",
  slowsRollouts: true,
  check: () => [{ path: "all", message: "refused", command: "none" }],
};
const slowing = guards.filter(({ slowsRollouts }) => slowsRollouts);
/** What may hold a rollback back where it would be none, and must not here. */
const always: RuleName[] = ["fallback-credentials", "stable-capacity", "levels-possible", "previous-image"];
const never = guards.filter(({ name }) => always.includes(name));

/** The record of a state that was reached from the release before. */
function reached(plan: Plan, state: Config): ReleaseRecord {
  const levers = leversOf(plan, state);
  const before = { ...levers, stable: { ...levers.stable, image: levers.previous?.image ?? levers.stable.image } };
  return recordOf(plan, levers, recordOf(plan, before, undefined, ago(2000)), ago(1000));
}

/** Names of the rules that hold a step of the level back, with what they were told; none, as it must be. */
function heldBack(plan: Plan, level: Level, state: Config, verifies: boolean): string[] {
  let [config, last] = [state, reached(plan, state)];
  return level.steps.flatMap(({ levers: pulled }, step) => {
    config = carriedOut(plan, config, pulled, leversOf(plan, config));
    const levers = leversOf(plan, config);
    const change = describeChange({ plan, levers, last, drills: {}, now });
    if (verifies) last = recordOf(plan, levers, last, ago(999));
    const refused = [judge(change, never), ...circumstances(change).map((told) => judge(told.change, [...slowing, refusesAll]))];
    const names = new Set(refused.flatMap((verdict) => Object.keys(verdict.refused)));
    return [...names].map((name) => `step ${step + 1}: ${name}, from ${JSON.stringify({ ...state, credentials: undefined })}`);
  });
}

const loaded: Record<string, Plan> = {};
beforeAll(async () => {
  for (const [system, load] of Object.entries(plans)) loaded[system] = await load();
});

describe.each(Object.keys(plans))("%s", (system) => {
  const plan = (): Plan => loaded[system] as Plan;

  it("has every level tried from some state", () => {
    const states = statesOf(plan());
    const tried = Object.entries(plan().levels).filter(([, level]) => states.some((state) => applies(level, state)));
    expect(tried.map(([name]) => name)).toEqual(Object.keys(plan().levels));
    expect(states.length).toBeGreaterThan(4);
  });

  it("is never held back on any step of any level, whether or not the step before was verified", () => {
    const held = statesOf(plan()).flatMap((state) =>
      Object.entries(plan().levels).flatMap(([name, level]) => {
        if (!applies(level, state)) return [];
        const found = [true, false].flatMap((verifies) => heldBack(plan(), level, state, verifies));
        return found.map((what) => `${name}, ${what}`);
      }),
    );
    expect(held).toEqual([]);
  });

  it("is held back on the way forward from the same states, and by nothing else where all is as it should be", () => {
    const wrong = statesOf(plan()).flatMap((state) =>
      forwardFrom(plan(), state).flatMap(({ config, lever }) => {
        const change = describeChange({ plan: plan(), levers: leversOf(plan(), config), last: reached(plan(), state), drills: {}, now });
        if (!judge(change, [refusesAll]).refused["change-freeze"]) return [`${lever}: is no rollout, ${JSON.stringify(config)}`];
        return circumstances(change).flatMap((told) => {
          const refused = Object.keys(judge(told.change, [...slowing, previousImage]).refused);
          const expected = expectedOf(plan(), told, lever);
          return Object.entries(expected)
            .filter(([name, is]) => refused.includes(name) !== is)
            .map(
              ([name, is]) =>
                `${lever}: ${name} ${is ? "should" : "should not"} refuse ${JSON.stringify({ ...config, credentials: undefined })}`,
            );
        });
      }),
    );
    expect(wrong).toEqual([]);
  });
});

/** One lever raised, to each percentage above the one it has; a new release where the plan has no ladder. */
function forwardFrom(plan: Plan, state: Config): { config: Config; lever: string }[] {
  const before = exposures(plan, leversOf(plan, state));
  const above = (lever: string): number[] => percentages(plan).filter((percentage) => percentage > (before[lever] ?? 0));
  const canary = state.canary
    ? above("canary.weight").map((weight) => ({ lever: "canary.weight", sets: { "canary.weight": weight } }))
    : [];
  const flags = Object.entries(plan.flags.known).flatMap(([name, { env }]) => {
    const [lever, switched] = [`flags.${name}`, env && !env.percentage];
    const share = (percentage: number) => (switched ? { enabled: true } : { enabled: true, percentage });
    return (switched ? above(lever).slice(-1) : above(lever)).map((percentage) => ({ lever, sets: { [lever]: share(percentage) } }));
  });
  const release = { lever: "stable.image", sets: { "stable.image": image("f"), "previous.image": Object(state.stable).image } };
  return [...canary, ...flags, release]
    .map(({ lever, sets }) => ({ lever, config: set(state, sets) }))
    .filter(({ lever, config }) => {
      if (leverProblems(plan, config).length > 0) return false;
      return lever === "stable.image" || (exposures(plan, leversOf(plan, config))[lever] ?? 0) > (before[lever] ?? 0);
    });
}

/** Which rules must refuse a raise, and which must not, told by the plan's own words. */
function expectedOf(
  plan: Plan,
  { held, approved, drilled, frozen, change }: ReturnType<typeof circumstances>[number],
  lever: string,
): Partial<Record<RuleName, boolean>> {
  const { last, levers } = change;
  const [from, to] = [last?.exposure?.[lever]?.percentage ?? 0, exposures(plan, levers)[lever] ?? 0];
  const env = plan.flags.known[lever.replace("flags.", "")]?.env;
  const ladder = env && !env.percentage ? [0, 100] : plan.milestones.map(({ percentage }) => percentage);
  const left = plan.milestones.filter(({ percentage }) => percentage <= from).at(-1);
  const skipped = plan.milestones.length > 0 && ladder.some((percentage) => percentage > from && percentage < to);
  const agreed = approved || plan.decisions.every(({ severity, approvedBy }) => severity !== "critical" || approvedBy.length === 0);
  const asked = { "change-freeze": frozen, "level-drilled": !drilled, approvals: !agreed, "change-record": false };
  if (lever === "stable.image") return { ...asked, "next-milestone": false, "hold-time": false, "previous-image": false };
  return { ...asked, "next-milestone": skipped, "hold-time": !held && (left?.holdHours ?? 0) > 0 };
}
