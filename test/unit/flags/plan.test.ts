import { describe, expect, it } from "vitest";
import { definePlan, type PlanInput } from "../../../components/plan/plan.ts";
import mindmend from "../../../stacks/mindmend.ts";
import { planWith } from "./plans.ts";

const problems = (flags: PlanInput["flags"]): string[] => {
  try {
    planWith(flags);
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
    const { flags: _, settings: __, ...plan } = planWith({});
    const known = { f: { ...read("AI_PROVIDER"), env: { enabled: "AI_PROVIDER", except: { users: "LIST" } } }, g: read("LIST") };
    const settings = { limit: { type: "integer" as const, env: "LIST", description: "" } };
    expect(() => definePlan({ ...plan, flags: { known }, settings })).toThrow(
      [
        "The plan of shop cannot be used:",
        "  flags.known.f.env.enabled: AI_PROVIDER is set by providers.known.openai too",
        "  flags.known.f.env.except.users: LIST is set by settings.limit.env too",
        "  flags.known.g.env.enabled: LIST is set by settings.limit.env too",
      ].join("\n"),
    );
  });

  it("are refused with a file that is no absolute path", () => {
    expect(problems({ known: { f: { description: "F" } }, file: "flags.json" })).toEqual([
      "  flags.file: expected an absolute path, like /etc/flagd/flags.json",
    ]);
  });
});
