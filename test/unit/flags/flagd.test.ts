import { describe, expect, it } from "vitest";
import { flagEnvironment } from "../../../components/flags/environment.ts";
import { flagdDefinitions } from "../../../components/flags/flagd.ts";
import { isOn } from "../../../demo/service/switch.ts";
import { byFlagd } from "./evaluate.ts";
import { chat, easymo, flagLevers, planWith, serviceConfig, wabot } from "./plans.ts";

const users = Array.from({ length: 20_000 }, (_, index) => `user-${index}`);
const percentages = Array.from({ length: 101 }, (_, percentage) => percentage);
const reached = (percentage: number): boolean[] => {
  const evaluate = byFlagd(chat, flagLevers(chat, { retryLogic: { percentage } }));
  return users.map((user) => evaluate("retryLogic", { user }));
};
const count = (list: boolean[]): number => list.filter(Boolean).length;

describe("C2: a share of 20,000 users", () => {
  const shares = percentages.map(reached);

  it("gains nobody when it shrinks and loses nobody when it grows, from each percentage to the next", () => {
    const moved = shares.slice(1).map((larger, smaller) => users.filter((_, user) => shares[smaller]?.[user] && !larger[user]));
    expect(moved).toEqual(Array(100).fill([]));
  });

  it("is nobody at 0, everybody at 100, and within one point of what was asked between", () => {
    expect([shares[0], shares[100]].map((share) => count(share ?? []))).toEqual([0, 20_000]);
    const furthest = Math.max(...shares.map((share, percentage) => Math.abs(count(share) / 200 - percentage)));
    expect(furthest).toBeLessThan(1);
  });

  it("is the same users for an app that reads the environment", () => {
    for (const percentage of [0, 1, 10, 25, 50, 99, 100]) {
      const { retry } = serviceConfig(flagEnvironment(chat, flagLevers(chat, { retryLogic: { percentage } })));
      expect(users.map((user) => isOn(retry.switch, { user }))).toEqual(shares[percentage]);
    }
  });

  it("is not the same users for every flag", () => {
    const two = planWith({
      known: { a: { description: "A" }, b: { description: "B" } },
      file: "/etc/flagd/flags.json",
    });
    const evaluate = byFlagd(two, flagLevers(two, { a: { percentage: 50 }, b: { percentage: 50 } }));
    const both = users.filter((user) => evaluate("a", { user }) && evaluate("b", { user }));
    expect(Math.round(both.length / 1000)).toBe(5);
  });
});

describe("flagd definitions", () => {
  it("say who is out before who is in, in the order kill, user, tenant, segment, endpoint, model, share", () => {
    const plan = planWith({ known: { f: { description: "F", rows: ["C1", "C2"] } }, file: "/etc/flagd/flags.json" });
    const one = (name: string) => ({
      users: [`${name}-u`],
      tenants: [`${name}-t`],
      segments: [`${name}-s`],
      endpoints: [`/${name}`],
      models: [`${name}-m`],
    });
    expect(flagdDefinitions(plan, flagLevers(plan, { f: { percentage: 25, only: one("in"), except: one("out") } })).flags.f).toEqual({
      state: "ENABLED",
      variants: { on: true, off: false },
      defaultVariant: "off",
      metadata: { plan: "shop", rows: "C1 C2", description: "F" },
      targeting: {
        if: [
          false,
          "off",
          { in: [{ var: "targetingKey" }, ["out-u"]] },
          "off",
          { "!": [{ in: [{ var: "targetingKey" }, ["in-u"]] }] },
          "off",
          { in: [{ var: "tenant" }, ["out-t"]] },
          "off",
          { "!": [{ in: [{ var: "tenant" }, ["in-t"]] }] },
          "off",
          { in: [{ var: "segment" }, ["out-s"]] },
          "off",
          { "!": [{ in: [{ var: "segment" }, ["in-s"]] }] },
          "off",
          { in: [{ var: "endpoint" }, ["/out"]] },
          "off",
          { "!": [{ in: [{ var: "endpoint" }, ["/in"]] }] },
          "off",
          { in: [{ var: "model" }, ["out-m"]] },
          "off",
          { "!": [{ in: [{ var: "model" }, ["in-m"]] }] },
          "off",
          {
            fractional: [
              ["on", 25],
              ["off", 75],
            ],
          },
        ],
      },
    });
  });

  it("keep what else was said while a flag is killed, for the way back", () => {
    const lever = { percentage: 25, except: { users: ["u1"] } };
    const rules = (enabled: boolean) => flagdDefinitions(chat, flagLevers(chat, { retryLogic: { enabled, ...lever } })).flags.retryLogic;
    expect(rules(false)?.targeting.if.slice(2)).toEqual(rules(true)?.targeting.if.slice(2));
    expect(byFlagd(chat, flagLevers(chat, { retryLogic: { enabled: false, ...lever } }))("retryLogic", { user: "u2" })).toBe(false);
  });

  it("answer the safe variant where a share is asked for and no user is known", () => {
    const plan = planWith({
      known: { feature: { description: "F" }, safeguard: { description: "S", safe: "on", default: true } },
      file: "/etc/flagd/flags.json",
    });
    const evaluate = byFlagd(plan, flagLevers(plan, { feature: { percentage: 99 }, safeguard: { percentage: 1 } }));
    expect([evaluate("feature", {}), evaluate("safeguard", {})]).toEqual([false, true]);
  });

  it("E1: are off for everyone where the stack says nothing and the plan nothing else", () => {
    const evaluate = byFlagd(easymo, flagLevers(easymo, undefined));
    expect(Object.keys(easymo.flags.known).map((flag) => evaluate(flag, { user: "u" }))).toEqual([false, false, false, false]);
  });

  it("B1: one lever switches all of a group off, for everyone or for one tenant", () => {
    const on = (flags: unknown, tenant: string) =>
      Object.keys(wabot.flags.known).filter((flag) => byFlagd(wabot, flagLevers(wabot, flags))(flag, { tenant }));
    expect(on({}, "acme")).toEqual(["harmonization", "immediateDisplay", "groundedValidation", "referenceResolution"]);
    expect(on({ enhancements: false, harmonization: true }, "acme")).toEqual([]);
    expect(on({ enhancements: { except: { tenants: ["acme"] } } }, "acme")).toEqual([]);
    expect(on({ enhancements: { except: { tenants: ["acme"] } }, harmonization: false }, "globex")).toEqual([
      "immediateDisplay",
      "groundedValidation",
      "referenceResolution",
    ]);
  });
});
