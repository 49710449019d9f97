import { describe, expect, it } from "vitest";
import { chat, easymo, flagLevers, planWith, problemsOf, wabot } from "./plans.ts";

describe("a flag's lever", () => {
  it("is true or false, also as the text that `pulumi config set` writes", () => {
    expect([true, "true", false, "false"].map((value) => flagLevers(chat, { retryLogic: value }).retryLogic)).toEqual([
      { enabled: true },
      { enabled: true },
      { enabled: false },
      { enabled: false },
    ]);
  });

  it("says for whom in numbers and lists, also as text", () => {
    const asText = { enabled: "true", percentage: "25", except: { users: "u1, u2", models: "gpt-4o" } };
    const typed = { enabled: true, percentage: 25, except: { users: ["u1", "u2"], models: ["gpt-4o"] } };
    expect(flagLevers(chat, { retryLogic: asText })).toEqual({ retryLogic: typed });
    expect(flagLevers(chat, { retryLogic: typed })).toEqual({ retryLogic: typed });
  });

  it("takes a user whose id is a number, which is what `--path` makes of it", () => {
    expect(flagLevers(chat, { retryLogic: { enabled: true, except: { users: [4711] } } }).retryLogic?.except?.users).toEqual(["4711"]);
    expect(flagLevers(chat, { retryLogic: { enabled: true, except: { users: 4711 } } }).retryLogic?.except?.users).toEqual(["4711"]);
  });

  it("can be left empty, which says nothing", () => {
    expect(flagLevers(chat, { retryLogic: {} })).toEqual({ retryLogic: {} });
  });

  it("can be switched off whatever else it says: that stays for the way back", () => {
    expect(problemsOf(chat, { retryLogic: { enabled: false, percentage: 50, except: { users: ["u1"] } } })).toEqual([]);
  });
});

/** The problems of one flag's lever, each as `path: message` and the command. */
const refused = (plan: typeof chat, flags: unknown) =>
  problemsOf(plan, flags).map(({ path, message, command }) => [`${path}: ${message}`, command]);
const set = "pulumi config set --path";

describe("refused, with the path and the command that mends it", () => {
  it("an unknown flag, with the nearest one", () => {
    expect(refused(easymo, { voise: false, chat: true })).toEqual([
      [
        "flags.voise: unknown lever. Did you mean flags.voice? Known here: chat, voice, vouchers, customerLookup, agents.",
        "pulumi config rm --path flags.voise",
      ],
    ]);
  });

  it("any flag of a plan that has none", () => {
    expect(refused(planWith({}), { chat: true })).toEqual([
      ["flags.chat: unknown lever. Known here: none.", "pulumi config rm --path flags.chat"],
    ]);
  });

  it("a misspelled part of one", () => {
    expect(refused(chat, { retryLogic: { percentge: 10 } })).toEqual([
      [
        "flags.retryLogic.percentge: unknown lever. Did you mean flags.retryLogic.percentage? Known here: enabled, percentage, only, except.",
        "pulumi config rm --path flags.retryLogic.percentge",
      ],
    ]);
  });

  it.each([["off"], [1], [null], [[true]]])("%j instead of a flag's lever", (value) => {
    expect(refused(chat, { retryLogic: value })).toEqual([
      [
        `flags.retryLogic: expected true, false or { enabled, percentage, only, except }, got ${JSON.stringify(value)}`,
        `${set} flags.retryLogic false`,
      ],
    ]);
  });

  it.each([[-1], [101], [12.5], ["many"], ["25%"], [true]])("a percentage of %j", (percentage) => {
    expect(refused(chat, { retryLogic: { percentage } })).toEqual([
      [
        `flags.retryLogic.percentage: expected a whole number from 0 to 100, got ${JSON.stringify(percentage)}`,
        `${set} flags.retryLogic.percentage 0`,
      ],
    ]);
  });

  it("a model that the system does not have, with the nearest one", () => {
    expect(refused(chat, { retryLogic: { enabled: true, except: { models: ["gpt-4o", "gpt4o-mini"] } } })).toEqual([
      [
        'flags.retryLogic.except.models[1]: "gpt4o-mini" is not one of this plan\'s models. Did you mean gpt-4o-mini? Known: gpt-4o, gpt-4o-mini, gpt-4.1-mini.',
        `${set} --type string 'flags.retryLogic.except.models[1]' gpt-4o-mini`,
      ],
    ]);
  });

  it("a user whom the plan does not list, where it lists them", () => {
    const plan = planWith({ known: { f: { description: "F" } }, audience: { users: ["ada", "grace"] }, file: "/etc/flagd/flags.json" });
    expect(refused(plan, { f: { only: { users: ["ada", "grcae"] } } })).toEqual([
      [
        'flags.f.only.users[1]: "grcae" is not one of this plan\'s users. Did you mean grace? Known: ada, grace.',
        `${set} --type string 'flags.f.only.users[1]' grace`,
      ],
    ]);
  });

  it("B1: a tenant that nobody has", () => {
    expect(refused(wabot, { enhancements: { except: { tenants: "acme,umbrella" } } })).toEqual([
      [
        'flags.enhancements.except.tenants[1]: "umbrella" is not one of this plan\'s tenants. Known: acme, globex, initech.',
        `${set} --type string flags.enhancements.except.tenants acme`,
      ],
    ]);
  });

  it("blanks, duplicates, and several in one entry, from the last to the first, so that the commands can be run in turn", () => {
    expect(refused(chat, { retryLogic: { enabled: true, except: { users: ["u1", " ", "u2", "u1", "u3,u4", true] } } })).toEqual([
      ["flags.retryLogic.except.users[5]: expected a user, got true", `${set} --type string 'flags.retryLogic.except.users[5]' <id>`],
      [
        'flags.retryLogic.except.users[4]: "u3,u4" has a comma or a space around it; expected one user an entry',
        `${set} --type string 'flags.retryLogic.except.users[4]' <id>`,
      ],
      [
        'flags.retryLogic.except.users[3]: "u1" is there twice, the first time as entry 0',
        "pulumi config rm --path 'flags.retryLogic.except.users[3]'",
      ],
      ["flags.retryLogic.except.users[1]: is blank", "pulumi config rm --path 'flags.retryLogic.except.users[1]'"],
    ]);
  });

  it("a blank or a duplicate in a list written as text, with the whole text to set again", () => {
    expect(refused(chat, { retryLogic: { enabled: true, except: { users: "u1,,u2,u1" } } })).toEqual([
      [
        'flags.retryLogic.except.users[3]: "u1" is there twice, the first time as entry 0',
        `${set} --type string flags.retryLogic.except.users u1,u2`,
      ],
      ["flags.retryLogic.except.users[1]: is blank", `${set} --type string flags.retryLogic.except.users u1,u2`],
    ]);
    expect(refused(chat, { retryLogic: { enabled: true, except: { users: "" } } })).toEqual([
      ["flags.retryLogic.except.users[0]: is blank", "pulumi config rm --path flags.retryLogic.except.users"],
    ]);
  });

  it("an id longer than any, and one that a shell would take apart stays one word of the command", () => {
    expect(refused(chat, { retryLogic: { enabled: true, except: { users: `a b,${"x".repeat(129)}` } } })).toEqual([
      [
        "flags.retryLogic.except.users[1]: has 129 characters; expected up to 128",
        `${set} --type string flags.retryLogic.except.users 'a b'`,
      ],
    ]);
  });

  it("an id so long that YAML took digits away from it", () => {
    expect(refused(chat, { retryLogic: { enabled: true, except: { users: [Number("12345678901234567890")] } } })).toEqual([
      [
        "flags.retryLogic.except.users[0]: 12345678901234567000 is not exact; expected text",
        `${set} --type string 'flags.retryLogic.except.users[0]' <id>`,
      ],
    ]);
  });

  it("something else instead of the flags or of a flag's lists", () => {
    expect(refused(chat, "false")).toEqual([['flags: expected { <flag>: … }, got "false"', `${set} flags.<flag> false`]]);
    expect(refused(chat, { retryLogic: { enabled: true, except: "u1" } })).toEqual([
      [
        'flags.retryLogic.except: expected lists of users, tenants, segments, endpoints, models, got "u1"',
        `${set} flags.retryLogic.except.users <id>,<id>`,
      ],
    ]);
  });

  it("something else instead of a list", () => {
    expect(refused(chat, { retryLogic: { enabled: true, except: { users: { u1: true } } } })).toEqual([
      ['flags.retryLogic.except.users: expected a list of users, got {"u1":true}', `${set} flags.retryLogic.except.users <id>,<id>`],
    ]);
  });

  it("10,000 disabled users: says once where to put them instead", () => {
    const users = Array.from({ length: 10_000 }, (_, index) => `u${index}`);
    expect(refused(chat, { retryLogic: { enabled: true, except: { users } } })).toEqual([
      [
        "flags.retryLogic.except.users: 10000 users; a stack file holds up to 1000. Lower the percentage: a rollback stays a line or two that anyone can read.",
        "pulumi config rm --path flags.retryLogic.except.users && pulumi config set --path flags.retryLogic.percentage <0 to 100>",
      ],
    ]);
  });

  it("10,000 disabled users where the app knows segments: says to give them one", () => {
    const plan = planWith({ known: { f: { description: "F" } }, file: "/etc/flagd/flags.json" });
    const users = Array.from({ length: 10_000 }, (_, index) => `u${index}`);
    expect(refused(plan, { f: { enabled: true, except: { users } } })).toEqual([
      [
        "flags.f.except.users: 10000 users; a stack file holds up to 1000. Give them a segment in the app's own records and name that: a rollback stays a line or two that anyone can read.",
        "pulumi config rm --path flags.f.except.users && pulumi config set --path flags.f.except.segments <segment>",
      ],
    ]);
  });

  it("the same user in and out", () => {
    const plan = planWith({ known: { f: { description: "F" } }, file: "/etc/flagd/flags.json" });
    expect(refused(plan, { f: { only: { users: ["u1", "u2"] }, except: { users: ["u2"] } } })).toEqual([
      ['flags.f.only.users: "u2" under except too; a user is either in or out', `${set} --type string flags.f.only.users u1`],
    ]);
  });

  it("who is out, where nobody is in", () => {
    expect(refused(chat, { retryLogic: { except: { users: ["u1"] } } })).toEqual([
      [
        "flags.retryLogic: says for whom it is not on, but not that it is on, and it is off unless the stack says otherwise",
        `${set} flags.retryLogic.enabled true`,
      ],
    ]);
  });

  it("what the app has no variable for: it would be accepted and not happen", () => {
    expect(refused(easymo, { voice: { percentage: 50 } })).toEqual([
      [
        "flags.voice.percentage: the app cannot switch voice (FEATURE_AGENT_VOICE) for a share of users: the plan names no environment variable for it",
        "pulumi config rm --path flags.voice.percentage",
      ],
    ]);
    expect(refused(wabot, { harmonization: { only: { tenants: ["acme"] }, except: { users: ["u1"] } } })).toEqual([
      [
        "flags.harmonization.only.tenants: the app cannot switch harmonization (ENABLE_MESSAGE_HARMONIZATION) on for single tenants: the plan names no environment variable for it",
        "pulumi config rm --path flags.harmonization.only.tenants",
      ],
      [
        "flags.harmonization.except.users: the app cannot switch harmonization (ENABLE_MESSAGE_HARMONIZATION) off for single users: the plan names no environment variable for it",
        "pulumi config rm --path flags.harmonization.except.users",
      ],
    ]);
  });

  it("everything at once, also what only shows beside something else", () => {
    const flags = {
      retryLogic: { percentage: "x", only: { models: ["gpt-4o"] }, except: { models: ["gpt-4o", "gpt-5x"], user: [] } },
      retry: true,
    };
    expect(problemsOf(chat, flags).map(({ path }) => path)).toEqual([
      "flags.retryLogic.percentage",
      "flags.retryLogic.except.models[1]",
      "flags.retryLogic.except.user",
      "flags.retryLogic.only.models",
      "flags.retryLogic.only.models",
      "flags.retry",
    ]);
  });
});
