import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DrillsError, parseDrills } from "../../components/guards/drills.ts";
import type { DrillOutcome, LevelOutcome } from "../../drill/outcome.ts";
import { withPassed } from "../../drill/record.ts";
import { readDrills } from "../../stacks/drills.ts";
import mindmend from "../../stacks/mindmend.ts";
import { plans } from "../../stacks/plans.ts";
import { projectRoot } from "../../tools/paths.ts";

const at = "2026-11-20T09:00:00Z";

function level(name: string, timeToSafetyMs: number | null): LevelOutcome {
  const measured = { requests: 600, failures: [], maintenance: null, unsafeBefore: 100, p95BeforeMs: 1, p95AfterMs: 1, worstLagMs: 1 };
  return {
    name,
    title: name,
    rtoSeconds: 60,
    safe: {},
    maintenance: [],
    startedAt: 0,
    endedAt: Date.UTC(2026, 10, 21, 11, 0, 0, 900),
    before: [],
    after: [],
    commands: [],
    rollbacks: [],
    marks: { pulledAt: 0, upStartedAt: 0, upEndedAt: 0 },
    measurement: { ...measured, timeToSafetyMs },
    records: [],
    saved: [],
    restoration: null,
    database: null,
    rate: 60,
    error: null,
  };
}

const outcome = (...levels: LevelOutcome[]) => ({ levels }) as DrillOutcome;

describe("what a drill records", () => {
  it("are the levels that passed, beside those that were drilled before", () => {
    const earlier = { flag: { at, seconds: 9 }, traffic: { at, seconds: 9 } };
    expect(withPassed(earlier, mindmend, outcome(level("traffic", 2040), level("container", 61_000)))).toEqual({
      flag: { at, seconds: 9 },
      traffic: { at: "2026-11-21T11:00:00Z", seconds: 2 },
    });
  });

  it("keeps the last time of a level that did not pass, and forgets a level that the plan no longer has", () => {
    const earlier = { flag: { at, seconds: 9 }, gone: { at, seconds: 9 } };
    expect(withPassed(earlier, mindmend, outcome(level("flag", null)))).toEqual({ flag: { at, seconds: 9 } });
  });
});

describe("the record of drills", () => {
  it.each(readdirSync(join(projectRoot, "stacks/drills")))("%s has only levels that the plan has", async (file) => {
    const system = file.replace(".json", "");
    const known = Object.keys((await plans[system]?.())?.levels ?? {});
    const levels = Object.keys(readDrills(system));
    expect(levels.length).toBeGreaterThan(0);
    expect(levels.filter((name) => !known.includes(name))).toEqual([]);
    expect(levels).toEqual(levels.toSorted());
  });

  it("is none where a system was never drilled", () => {
    expect(readDrills("nothing")).toEqual({});
  });

  it.each([
    ["<<<<<<< HEAD", /^not JSON: /],
    ["[]", /^expected \{ <level>: \{ at, seconds \} \}$/],
    ['{"flag": 4}', /^flag: expected \{ at, seconds \}, got 4$/],
    [
      '{"flag": {"at": "yesterday", "seconds": "4"}}',
      /^flag\.at: expected a time in UTC, like 2026-11-21T18:00:00Z, got "yesterday"; flag\.seconds: expected seconds, got "4"$/,
    ],
    ['{"flag": {"at": "2026-11-21T18:00:00Z", "seconds": 0}}', /^flag\.seconds: expected more than 0 seconds$/],
  ])("that is damaged (%s) is told with the file, what is wrong and the command", (text, message) => {
    const error = thrown(() => parseDrills(text, "shop"));
    expect(error.problem).toEqual({
      path: "stacks/drills/shop.json",
      message: expect.stringMatching(message),
      command: "rm stacks/drills/shop.json && npm run drill -- shop --record",
    });
    expect(error.message).toBe(`stacks/drills/shop.json: ${error.problem.message}\n    mend it with: ${error.problem.command}`);
  });
});

function thrown(work: () => unknown): DrillsError {
  try {
    work();
  } catch (error) {
    if (error instanceof DrillsError) return error;
  }
  throw new Error("nothing was thrown");
}
