import { describe, expect, it } from "vitest";
import { type Audience, audiences } from "../../../components/plan/flag.ts";
import type { Caller } from "../../../demo/service/switch.ts";
import { byEnvironment, byFlagd } from "./evaluate.ts";
import { flagLevers, planWith } from "./plans.ts";

const variables = (flag: string, side: string) =>
  Object.fromEntries(audiences.map((audience) => [audience, `${flag}_${side}_${audience}`]));
const readable = (flag: string) => ({
  description: flag,
  env: { enabled: flag, percentage: `${flag}_PERCENT`, only: variables(flag, "ONLY"), except: variables(flag, "EXCEPT") },
});
/** An app that can do everything by environment variables. */
const plan = planWith({
  known: { first: readable("FIRST"), second: { ...readable("SECOND"), default: true } },
  groups: { both: { description: "both", members: ["first", "second"] } },
  file: "/etc/flagd/flags.json",
});
const names = ["first", "second", "both"];

/** The same cases in every run. */
function dice(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (limit: number): number => Math.floor(next() * limit);
  return { upTo, chance: (share: number): boolean => next() < share };
}
type Dice = ReturnType<typeof dice>;

type Part = { enabled?: boolean; percentage?: number; only?: Lists; except?: Lists };
type Lists = Partial<Record<Audience, string[]>>;

/** Entries of `only` and `except` differ by their number's parity, so that no case contradicts itself. */
const entriesOf = (audience: Audience, parity: number): string[] => [0, 2, 4].map((even) => `${audience}-${even + parity}`);

function lists({ chance }: Dice, parity: number): Lists {
  const some = audiences.filter(() => chance(0.25));
  return Object.fromEntries(some.map((audience) => [audience, entriesOf(audience, parity).filter(() => chance(0.7))]));
}

function lever(roll: Dice): Part {
  return {
    enabled: roll.chance(0.85),
    ...(roll.chance(0.4) && { percentage: roll.upTo(101) }),
    ...(roll.chance(0.4) && { only: lists(roll, 0) }),
    ...(roll.chance(0.4) && { except: lists(roll, 1) }),
  };
}

const leversOf = (roll: Dice): Record<string, Part> =>
  Object.fromEntries(names.filter(() => roll.chance(0.7)).map((name) => [name, lever(roll)]));

function callerOf({ upTo, chance }: Dice): Caller {
  const value = (audience: Audience): string | undefined => (chance(0.85) ? `${audience}-${upTo(6)}` : undefined);
  return {
    user: chance(0.5) ? value("users") : `user-${upTo(1000)}`,
    tenant: value("tenants"),
    segment: value("segments"),
    endpoint: value("endpoints"),
    model: value("models"),
  };
}

const cases = Array.from({ length: 200 }, (_, seed) => {
  const roll = dice(seed);
  return { levers: leversOf(roll), extra: lever(roll), callers: Array.from({ length: 40 }, () => callerOf(roll)) };
});

describe("200 generated stacks, 40 callers each", () => {
  it("flagd and an app that reads the environment give the same answers, on and off", () => {
    const answers = { on: 0, off: 0 };
    const disagreements: unknown[] = [];
    for (const { levers, callers } of cases) {
      const checked = flagLevers(plan, levers);
      const [flagd, environment] = [byFlagd(plan, checked), byEnvironment(plan, checked)];
      for (const caller of callers) {
        for (const flag of ["first", "second"]) {
          const answer = flagd(flag, caller);
          answers[answer ? "on" : "off"]++;
          if (environment(flag, caller) !== answer) disagreements.push({ levers, caller, flag, answer });
        }
      }
    }
    expect(disagreements).toEqual([]);
    expect(Math.min(answers.on, answers.off)).toBeGreaterThan(2000);
  });

  it("a flag in a group is on for whoever both its own lever and the group's are on for", () => {
    for (const { levers, extra, callers } of cases) {
      const first = { enabled: true, ...levers.first };
      const evaluate = (flags: unknown) => byFlagd(plan, flagLevers(plan, flags));
      const [together, own, group] = [evaluate({ first, both: extra }), evaluate({ first }), evaluate({ first: extra })];
      const wrong = callers.filter((caller) => together("first", caller) !== (own("first", caller) && group("first", caller)));
      expect({ first, extra, wrong }).toEqual({ first, extra, wrong: [] });
    }
  });

  it("whatever is added to a flag that is on, or to its group, gives it to nobody who did not have it", () => {
    for (const { levers, extra, callers } of cases) {
      const start = { ...levers, first: { enabled: true, ...levers.first } };
      const { enabled, percentage = 100, only, except } = extra;
      const { first } = start;
      const narrower = {
        enabled: first.enabled && enabled,
        percentage: Math.min(first.percentage ?? 100, percentage),
        only: { ...only, ...first.only },
        except: { ...except, ...first.except },
      };
      const before = byFlagd(plan, flagLevers(plan, start));
      const after = [{ ...start, first: narrower }, ...(levers.both ? [] : [{ ...start, both: extra }])].map((changed) =>
        byFlagd(plan, flagLevers(plan, changed)),
      );
      const gained = callers.filter((caller) => !before("first", caller) && after.some((evaluate) => evaluate("first", caller)));
      expect({ start, extra, gained }).toEqual({ start, extra, gained: [] });
    }
  });
});
