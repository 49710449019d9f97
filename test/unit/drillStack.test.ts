import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { credentialPaths, drillConfig, type StackChoices } from "../../drill/stack.ts";
import { parseStackFile } from "../../pulumi/stackFile.ts";
import mindmend from "../../stacks/mindmend.ts";
import watibot from "../../stacks/watibot.ts";
import { projectRoot } from "../../tools/paths.ts";
import { chat } from "./flags/plans.ts";

const choices: StackChoices = {
  plan: mindmend,
  stack: "mindmend-drill",
  images: { previous: "localhost/demo@sha256:aa", current: "localhost/demo@sha256:bb" },
  cluster: { kubeconfig: "/somewhere/kubeconfig", context: "drill" },
  environment: { OPENAI_BASE_URL: "http://ai-providers/v1", GOOGLE_GEMINI_BASE_URL: "http://ai-providers", SOMETHING_ELSE: "x" },
};

test("the drill's stack is the committed one with the demo's images, the stand-in's addresses and the drill's cluster", () => {
  const committed = parse(readFileSync(join(projectRoot, "stacks/Pulumi.mindmend.yaml"), "utf8")).config;
  expect(drillConfig(committed, choices)).toEqual({
    "rollback-stacks:system": "mindmend",
    "rollback-stacks:environment": "development",
    "rollback-stacks:aiProvider": "gemini",
    "rollback-stacks:stable": { image: "localhost/demo@sha256:bb", aiProvider: "openai" },
    "rollback-stacks:previous": { image: "localhost/demo@sha256:aa" },
    "rollback-stacks:canary": { image: "localhost/demo@sha256:bb", weight: 25 },
    "rollback-stacks:traffic": { gateway: { name: "public", namespace: "gateways" } },
    "rollback-stacks:settings": { openaiBaseUrl: "http://ai-providers/v1", geminiBaseUrl: "http://ai-providers" },
    "kubernetes:kubeconfig": "/somewhere/kubeconfig",
    "kubernetes:context": "drill",
    "kubernetes:namespace": "mindmend-drill",
  });
});

test("encrypted values of the committed stack are left out, those the drill made earlier stay", () => {
  const committed = { "rollback-stacks:credentials": { openai: { apiKey: { secure: "v1:theirs" } } } };
  const previous = { "rollback-stacks:credentials": { openai: { apiKey: { secure: "v1:ours" } } } };
  expect(drillConfig(committed, choices)).not.toHaveProperty("rollback-stacks:credentials");
  expect(drillConfig(committed, choices, previous)["rollback-stacks:credentials"]).toEqual({ openai: { apiKey: { secure: "v1:ours" } } });
});

test("a committed stack that is rolled back already is drilled from the plan's before state", () => {
  const committed = {
    "rollback-stacks:aiProvider": "openai",
    "rollback-stacks:canary": { image: "x", weight: 0 },
    "rollback-stacks:pins": { segments: ["enterprise"] },
  };
  const config = drillConfig(committed, choices);
  expect(config).toMatchObject({ "rollback-stacks:aiProvider": "gemini", "rollback-stacks:canary": { weight: 25 } });
  expect(config).not.toHaveProperty("rollback-stacks:pins");
});

test("what the committed stack says of its own changes is not said of the drill's", () => {
  const committed = {
    "rollback-stacks:environment": "production",
    "rollback-stacks:change": { level: "traffic", reason: "p95 3x" },
    "rollback-stacks:freezes": [{ from: "2026-11-20T00:00:00Z", until: "2026-12-01T00:00:00Z", reason: "Busy" }],
    "rollback-stacks:exemptions": [],
  };
  const config = drillConfig(committed, choices);
  expect(config["rollback-stacks:environment"]).toBe("development");
  for (const lever of ["change", "freezes", "exemptions"]) expect(config).not.toHaveProperty(`rollback-stacks:${lever}`);
});

test("a system without a canary is drilled with the current release on stable", () => {
  const committed = parse(readFileSync(join(projectRoot, "stacks/Pulumi.watibot.yaml"), "utf8")).config;
  const environment = { OPENAI_BASE_URL: "http://ai-providers/v1", GOOGLE_VERTEX_BASE_URL: "http://ai-providers" };
  expect(drillConfig(committed, { ...choices, plan: watibot, stack: "watibot-drill", environment })).toEqual({
    "rollback-stacks:system": "watibot",
    "rollback-stacks:environment": "development",
    "rollback-stacks:aiProvider": "vertex",
    "rollback-stacks:stable": { image: "localhost/demo@sha256:bb" },
    "rollback-stacks:settings": { openaiBaseUrl: "http://ai-providers/v1", vertexBaseUrl: "http://ai-providers" },
    "kubernetes:kubeconfig": "/somewhere/kubeconfig",
    "kubernetes:context": "drill",
    "kubernetes:namespace": "watibot-drill",
  });
});

test("levers can be put over the committed ones: settings are merged, undefined leaves one out", () => {
  const committed = { "rollback-stacks:fallback": { image: "x" }, "rollback-stacks:settings": { aiTimeoutMs: 2000 } };
  const levers = { fallback: undefined, settings: { warmUpSeconds: 8 }, stable: { image: "y" } };
  const config = drillConfig(committed, { ...choices, levers });
  expect(config["rollback-stacks:stable"]).toEqual({ image: "y" });
  expect(config["rollback-stacks:settings"]).toMatchObject({ aiTimeoutMs: 2000, warmUpSeconds: 8, geminiBaseUrl: "http://ai-providers" });
  expect(config).not.toHaveProperty("rollback-stacks:fallback");
});

test("a drill whose pods run verifies with its own operations image", () => {
  const operations = "localhost/operations@sha256:cc";
  const committed = { "rollback-stacks:verification": { image: "registry.example/operations@sha256:dd" } };
  const config = drillConfig(committed, { ...choices, images: { ...choices.images, operations } });
  expect(config["rollback-stacks:verification"]).toEqual({ image: operations });
  expect(drillConfig(committed, choices)).not.toHaveProperty("rollback-stacks:verification");
});

test("every credential of every provider of the plan is generated", () => {
  expect(credentialPaths(mindmend)).toEqual(["credentials.openai.apiKey", "credentials.gemini.apiKey"]);
});

test("a system with flags is drilled from those of the plan's before state", () => {
  const flags = { retryLogic: { enabled: true } };
  const plan = { ...watibot, flags: chat.flags, before: { ...watibot.before, flags } };
  const committed = { "rollback-stacks:flags": { retryLogic: false } };
  expect(drillConfig(committed, { ...choices, plan })["rollback-stacks:flags"]).toEqual(flags);
});

test("a stack file that is not YAML is told with its path, line and column, and what mends it", () => {
  expect(() => parseStackFile("config:\n  a: 1\n\tb: 2\n", "shop")).toThrow(
    "stacks/Pulumi.shop.yaml:3:1: not YAML: Tabs are not allowed as indentation. Put spaces in the tab's place, then check with: pulumi config --stack shop",
  );
  expect(() => parseStackFile("config: {a: 1}}\n", "shop")).toThrow(
    'stacks/Pulumi.shop.yaml:1:15: not YAML: Unexpected flow-map-end token in YAML stream: "}". Correct the line, then check with: pulumi config --stack shop',
  );
});
