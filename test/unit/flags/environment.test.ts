import { describe, expect, it } from "vitest";
import { flagEnvironment } from "../../../components/flags/environment.ts";
import { isOn } from "../../../demo/service/switch.ts";
import { chat, easymo, flagLevers, serviceConfig, wabot } from "./plans.ts";

const environment = (plan: typeof chat, flags: unknown) => flagEnvironment(plan, flagLevers(plan, flags));

describe("the environment that the documents' apps read", () => {
  it("C1: ENABLE_RETRY_LOGIC=false", () => {
    expect(environment(chat, { retryLogic: false })).toEqual({
      ENABLE_RETRY_LOGIC: "false",
      RETRY_ROLLOUT_PERCENT: "100",
      RETRY_DISABLED_USERS: "",
      RETRY_DISABLED_MODELS: "",
    });
  });

  it("C2: users, models and a share, in the document's formats", () => {
    const flags = { retryLogic: { percentage: 10, except: { users: ["user1", "user2", "user3"], models: ["gpt-4o"] } } };
    expect(environment(chat, flags)).toEqual({
      ENABLE_RETRY_LOGIC: "true",
      RETRY_ROLLOUT_PERCENT: "10",
      RETRY_DISABLED_USERS: "user1,user2,user3",
      RETRY_DISABLED_MODELS: "gpt-4o",
    });
  });

  it("C2: the demo service leaves out who is listed, and nobody else", () => {
    const { retry } = serviceConfig(environment(chat, { retryLogic: { enabled: true, except: { users: ["u1"], models: ["gpt-4o"] } } }));
    const callers = [{ user: "u1" }, { user: "u2", model: "gpt-4o" }, { user: "u2", model: "gpt-4o-mini" }, {}];
    expect(callers.map((caller) => isOn(retry.switch, caller))).toEqual([false, false, true, true]);
  });

  it("E3, E4: all of FEATURE_AGENT_* by one lever, or one of them by its own", () => {
    const on = { chat: true, voice: true, vouchers: true, customerLookup: true };
    const values = (chat: string, voice: string, vouchers: string, lookup: string) => ({
      FEATURE_AGENT_CHAT: chat,
      FEATURE_AGENT_VOICE: voice,
      FEATURE_AGENT_VOUCHERS: vouchers,
      FEATURE_AGENT_CUSTOMER_LOOKUP: lookup,
    });
    expect(environment(easymo, on)).toEqual(values("true", "true", "true", "true"));
    expect(environment(easymo, { ...on, voice: false })).toEqual(values("true", "false", "true", "true"));
    expect(environment(easymo, { ...on, agents: false })).toEqual(values("false", "false", "false", "false"));
    expect(serviceConfig(environment(easymo, { ...on, agents: false })).agents).toEqual({
      chat: false,
      voice: false,
      vouchers: false,
      customerLookup: false,
    });
  });

  it("B1: all enhancements off for one tenant leave them on for the others", () => {
    const { shop } = serviceConfig(environment(wabot, { enhancements: { except: { tenants: ["acme"] } } }));
    const switches = [shop.harmonization, shop.immediateDisplay, shop.groundedValidation, shop.referenceResolution];
    expect(switches.map((one) => isOn(one, { tenant: "acme" }))).toEqual([false, false, false, false]);
    expect(switches.map((one) => isOn(one, { tenant: "globex" }))).toEqual([true, true, true, true]);
  });
});
