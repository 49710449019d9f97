import { describe, expect, it } from "vitest";
import { daysAgo, shopChange, verdictOf } from "../../test/unit/shopChange.ts";
import { DrillsError } from "./drills.ts";
import { levelDrilled } from "./levelDrilled.ts";

const drilled = (at: string) => ({ traffic: { at, seconds: 2 } });
const of = (drills: Record<string, { at: string; seconds: number }>, more: Record<string, unknown> = {}) =>
  verdictOf(levelDrilled, shopChange({ to: 10, drills, ...more }));

describe("the level that leads back", () => {
  it("was drilled within the plan's period", () => {
    expect(of(drilled(daysAgo(31))).refused).toEqual([]);
    expect(of(drilled(daysAgo(32))).refused).toEqual([
      {
        path: "levels.traffic",
        message: "drilled 32 days ago, at 2026-10-20T12:00:00.000Z; the plan asks for a drill every 31 days",
        command: "npm run drill -- shop traffic --record",
      },
    ]);
  });

  it("was never drilled, which is said so", () => {
    expect(of({}).refused).toEqual([
      {
        path: "levels.traffic",
        message: "never drilled; the plan asks for a drill every 31 days",
        command: "npm run drill -- shop traffic --record",
      },
    ]);
  });

  it("was drilled in the future, which is a wrong clock", () => {
    expect(of(drilled("2026-11-21T12:00:01Z")).refused.map(({ message }) => message)).toEqual([
      "drilled at 2026-11-21T12:00:01Z, which is in the future: it is 2026-11-21T12:00:00.000Z by this machine's clock (date -u)",
    ]);
  });

  it("is not asked for on a development stack, which a drill's own is", () => {
    expect(of({}, { config: { environment: "development" } }).refused).toEqual([]);
    expect(of({}, { config: { environment: "staging" } }).refused).toHaveLength(1);
  });

  it("is not known where the record of drills is damaged, which is told as it is", () => {
    const problem = { path: "stacks/drills/shop.json", message: "not JSON", command: "rm it" };
    const drills = new DrillsError(problem);
    expect(verdictOf(levelDrilled, shopChange({ to: 10, drills })).refused).toEqual([problem]);
    expect(verdictOf(levelDrilled, shopChange({ from: 10, to: 0, drills }))).toMatchObject({ refused: [], waived: [problem] });
  });

  it("holds back no rollback", () => {
    const { refused, waived } = of({}, { from: 10, to: 0 });
    expect([refused.length, waived.length]).toEqual([0, 1]);
  });
});

describe("the level that leaves a milestone", () => {
  const { plan } = shopChange({ to: 10 });
  const levels = { ...plan.levels, whole: plan.levels.traffic } as typeof plan.levels;
  const paths = (milestones: typeof plan.milestones, more: Record<string, unknown> = {}) =>
    of({}, { plan: { ...plan, levels, milestones }, ...more }).refused.map(({ path }) => path);
  const tenth = { title: "A tenth", percentage: 10, holdHours: 1, levers: [], watched: [], conditions: [] };

  it("is asked for where the change arrives there by its percentage", () => {
    expect(paths([{ ...tenth, backBy: "whole" }])).toEqual(["levels.traffic", "levels.whole"]);
    expect(paths([{ ...tenth, percentage: 50, backBy: "whole" }])).toEqual(["levels.traffic"]);
  });

  it("is asked for where the change pulls the milestone's levers", () => {
    const pulls = (value: number) => [{ ...tenth, percentage: 0, levers: [{ path: "canary.weight", value }], backBy: "whole" }];
    expect(paths(pulls(10))).toEqual(["levels.traffic", "levels.whole"]);
    expect(paths(pulls(25))).toEqual(["levels.traffic"]);
  });
});
