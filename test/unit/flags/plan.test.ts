import { describe, expect, it } from "vitest";
import type { PlanInput } from "../../../components/plan/plan.ts";
import mindmend from "../../../stacks/mindmend.ts";
import { level, planWith } from "./plans.ts";

const problems = (flags: PlanInput["flags"], more: Partial<PlanInput> = {}): string[] => {
  try {
    planWith(flags, more);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
};
const read = (variable: string) => ({ description: variable, env: { enabled: variable } });

describe("a plan's flags", () => {
  it("start off, are safe when off, and answer for nobody in particular", () => {
    expect(planWith({ known: { f: read("F") } }).flags).toEqual({
      known: { f: { description: "F", rows: [], safe: "off", default: false, env: { enabled: "F", only: {}, except: {} } } },
      groups: {},
      audience: {},
    });
  });

  it("are none where a plan names none", () => {
    expect(mindmend.flags).toEqual({ known: {}, groups: {}, audience: {} });
  });

  it("are refused where no app can read them", () => {
    expect(problems({ known: { f: { description: "F" } } })).toEqual([
      "  flags.known.f: the app has no way to read it: neither env nor the plan's flags.file is set",
    ]);
  });

  it("are refused in a group that could not switch them off safely, that has one that is not there, or that has a flag's name", () => {
    const flags = {
      known: { f: read("F"), guard: { ...read("GUARD"), safe: "on" as const } },
      groups: { f: { description: "All", members: ["guard", "missing"] } },
    };
    expect(problems(flags)).toEqual([
      "  flags.groups.f: is the name of a flag too",
      "  flags.groups.f.members.0: guard is safe when on, and a group only ever switches its members off",
      '  flags.groups.f.members.1: "missing" is not one of this plan\'s flags (f, guard)',
    ]);
  });

  it("are refused where they set a variable that something else sets", () => {
    const known = { f: { ...read("AI_PROVIDER"), env: { enabled: "AI_PROVIDER", except: { users: "LIST" } } }, g: read("LIST") };
    const settings = { limit: { type: "integer" as const, env: "LIST", description: "" } };
    expect(problems({ known }, { settings })).toEqual([
      "  flags.known.f.env.enabled: AI_PROVIDER is set by providers.known.openai too",
      "  flags.known.f.env.except.users: LIST is set by settings.limit.env too",
      "  flags.known.g.env.enabled: LIST is set by settings.limit.env too",
    ]);
  });

  it("are refused with a file that is no absolute path", () => {
    expect(problems({ known: { f: { description: "F" } }, file: "flags.json" })).toEqual([
      "  flags.file: expected an absolute path, like /etc/flagd/flags.json",
    ]);
  });
});

describe("a level that pulls flags", () => {
  const known = { f: { description: "F", env: { enabled: "F", percentage: "F_PERCENT" } }, g: read("G") };
  const refusals = (flags: Record<string, unknown>, ...levers: PlanInput["levels"][string]["steps"][number]["levers"]) =>
    problems(
      { known },
      {
        before: { aiProvider: "gemini", flags },
        levels: { provider: level({ path: "aiProvider", value: "openai" }), flag: level(...levers) },
      },
    );

  it("goes from the state that its document starts from", () => {
    expect(
      refusals({ f: { enabled: true }, g: true }, { path: "flags.f.percentage", value: 10 }, { path: "flags.g", value: false }),
    ).toEqual([]);
  });

  it("is refused where the before state has what the plan has not", () => {
    expect(refusals({ f: { percentage: 101 }, h: true }, { path: "flags.f", value: false })).toEqual([
      "  before.flags.f.percentage: expected a whole number from 0 to 100, got 101",
      "  before.flags.h: unknown lever. Known here: f, g.",
    ]);
  });

  it("is refused where its flags are off already", () => {
    expect(refusals({ f: false }, { path: "flags.f", value: false })).toEqual([
      "  levels.flag.steps[0].levers[0]: flags.f is false in the before state already",
    ]);
  });

  it("is refused where Pulumi would refuse its command", () => {
    expect(refusals({ f: true }, { path: "flags.f.percentage", value: 10 })).toEqual([
      "  levels.flag: before.flags.f is true there, and Pulumi sets no part of that; expected { enabled: true }",
    ]);
  });

  it("is refused where the app could not follow it", () => {
    expect(refusals({ g: { enabled: true } }, { path: "flags.g.percentage", value: 10 })).toEqual([
      "  levels.flag: from the before state, flags.g.percentage: the app cannot switch g (G) for a share of users: the plan names no environment variable for it",
    ]);
  });
});
