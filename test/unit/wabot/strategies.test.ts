import { describe, expect, it } from "vitest";
import { levelCommands } from "../../../components/levers/commands.ts";
import type { Level } from "../../../components/plan/plan.ts";
import wabot from "../../../stacks/wabot.ts";
import { table } from "./page.ts";

const level = (name: string) => wabot.levels[name] as Level;
const flags = ["harmonization", "immediateDisplay", "groundedValidation", "referenceResolution", "enhancements"];

const asked = (probes: Level["verification"]) =>
  probes.flatMap((probe) => (probe.type === "http" ? [{ tenant: probe.body?.tenant, fields: probe.answer?.fields }] : []));
const shop = (...off: string[]) =>
  Object.fromEntries(Object.keys(wabot.flags.known).map((name) => [`shop.${name}`, !off.includes(name) && !off.includes("enhancements")]));

describe("strategy 1", () => {
  it.each(flags)("B1: switches %s off for all tenants with one command, and is verified by answers to two of them", (flag) => {
    expect(levelCommands(level(flag))).toEqual([`pulumi config set --path flags.${flag} false`, "pulumi up"]);
    expect(level(flag).rtoSeconds).toBe(300);
    expect(asked(level(flag).verification)).toEqual([
      { tenant: "acme", fields: shop(flag) },
      { tenant: "globex", fields: shop(flag) },
    ]);
  });

  it.each(flags)("B1: switches %s off for chosen tenants, and another tenant keeps it", (flag) => {
    const name = `${flag}ForTenants`;
    expect(levelCommands(level(name))).toEqual([`pulumi config set --path flags.${flag}.except.tenants <tenants>`, "pulumi up"]);
    expect(asked(level(name).rehearsal)).toEqual([
      { tenant: "acme", fields: shop(flag) },
      { tenant: "globex", fields: shop() },
    ]);
  });

  it("B1: empties both caches after every change of flags, settings or image", () => {
    expect(Object.values(wabot.tasks).map(({ command, on }) => [command.join(" "), on])).toEqual([
      ["redis-cli FLUSHDB", ["image", "settings", "flags"]],
      ["python manage.py clear_cache", ["image", "settings", "flags"]],
    ]);
  });
});

describe("strategy 2", () => {
  it("B2: takes back what the stack says of the eight values, whose defaults are the document's", () => {
    expect(levelCommands(level("defaults"))).toEqual([
      "pulumi config rm flags",
      "pulumi config rm --path settings.harmonizationWaitSeconds",
      "pulumi config rm --path settings.maxProducts",
      "pulumi config rm --path settings.useBusinessNameAsIdentity",
      "pulumi config rm --path settings.customBotGreeting",
      "pulumi up",
    ]);
    const known = [...Object.values(wabot.flags.known), ...Object.values(wabot.settings).slice(0, 4)];
    expect(Object.fromEntries(known.map(({ env, default: value }) => [typeof env === "object" ? env.enabled : env, value]))).toEqual({
      ENABLE_MESSAGE_HARMONIZATION: true,
      HARMONIZATION_WAIT_SECONDS: 3,
      ENABLE_IMMEDIATE_PRODUCT_DISPLAY: true,
      MAX_PRODUCTS_TO_SHOW: 5,
      ENABLE_GROUNDED_VALIDATION: true,
      ENABLE_REFERENCE_RESOLUTION: true,
      USE_BUSINESS_NAME_AS_IDENTITY: true,
      CUSTOM_BOT_GREETING: "",
    });
    expect(level("defaults").rtoSeconds).toBe(600);
  });

  it("B2: the runbook has each value's default", () => {
    expect(table("| lever | read from |").map(([lever, variable, value]) => [lever, variable, value])).toEqual([
      ["`flags.harmonization`", "`ENABLE_MESSAGE_HARMONIZATION`", "`true`"],
      ["`flags.immediateDisplay`", "`ENABLE_IMMEDIATE_PRODUCT_DISPLAY`", "`true`"],
      ["`flags.groundedValidation`", "`ENABLE_GROUNDED_VALIDATION`", "`true`"],
      ["`flags.referenceResolution`", "`ENABLE_REFERENCE_RESOLUTION`", "`true`"],
      ["`settings.harmonizationWaitSeconds`", "`HARMONIZATION_WAIT_SECONDS`", "`3`"],
      ["`settings.maxProducts`", "`MAX_PRODUCTS_TO_SHOW`", "`5`"],
      ["`settings.useBusinessNameAsIdentity`", "`USE_BUSINESS_NAME_AS_IDENTITY`", "`true`"],
      ["`settings.customBotGreeting`", "`CUSTOM_BOT_GREETING`", '`""`'],
      ["`settings.openaiBaseUrl`", "`OPENAI_BASE_URL`", "none"],
      ["`settings.aiTimeoutMs`", "`AI_TIMEOUT_MS`", "`10000`"],
    ]);
  });
});

it("B3: strategy 3 puts the previous image in place within maintenance, in the document's minutes", () => {
  expect(level("code").steps.map(({ title, withinSeconds }) => [title, withinSeconds])).toEqual([
    ["Maintenance on; workers finish what they have", 240],
    ["The previous image", 300],
    ["Services start, maintenance off", 240],
  ]);
  expect(levelCommands(level("code"))).toEqual([
    "pulumi config set maintenance true",
    "pulumi up",
    'pulumi config set --path stable.image "$(pulumi config get --path previous.image)"',
    "pulumi up",
    "pulumi config set maintenance false",
    "pulumi up",
  ]);
  expect(level("code").rtoSeconds).toBe(1200);
  expect(wabot.workers.worker?.drainSeconds).toBe(120);
});
