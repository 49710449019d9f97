import { describe, expect, it } from "vitest";
import { checkLevers } from "../../components/levers/check.ts";
import { LeverError } from "../../components/levers/errors.ts";
import { leversSchema } from "../../components/levers/levers.ts";
import { rawLevers } from "../../components/levers/read.ts";
import mindmend from "../../stacks/mindmend.ts";

const image = `registry.example/app@sha256:${"a".repeat(64)}`;
const good = {
  system: "mindmend",
  aiProvider: "gemini",
  stable: { image, aiProvider: "openai" },
  canary: { image, weight: 25 },
  credentials: { openai: { apiKey: "sk-one" }, gemini: { apiKey: "key-two" } },
};

function problemsOf(raw: Record<string, unknown>): { path: string; message: string; command: string }[] {
  try {
    checkLevers(mindmend, raw, "mindmend-test");
    return [];
  } catch (error) {
    if (error instanceof LeverError) return [...error.problems];
    throw error;
  }
}

describe("levers that can be used", () => {
  it("come back with the plan's defaults filled in", () => {
    expect(checkLevers(mindmend, good, "s").settings).toEqual({ aiTimeoutMs: 10_000, warmUpSeconds: 0 });
  });

  it("take a weight as text, which is how `pulumi config set` writes it", () => {
    expect(checkLevers(mindmend, { ...good, canary: { image, weight: "0" } }, "s").canary).toEqual({ image, weight: 0 });
  });

  it("treat the empty object that Pulumi.yaml gives as never set", () => {
    expect(checkLevers(mindmend, { ...good, canary: {}, fallback: {}, settings: {}, change: {} }, "s").canary).toBeUndefined();
  });

  it("are read from this project's config only", () => {
    const config = { "rollback-stacks:canary": '{"weight":25}', "rollback-stacks:aiProvider": "openai", "kubernetes:namespace": "other" };
    expect(rawLevers(config, "rollback-stacks")).toEqual({ canary: { weight: 25 }, aiProvider: "openai" });
  });
});

describe("levers that cannot be used are refused with the path, what was expected and the command that mends it", () => {
  it("an unknown lever, with the nearest one", () => {
    expect(problemsOf({ ...good, aiProvder: "openai" })).toEqual([
      {
        path: "aiProvder",
        message: `unknown lever. Did you mean aiProvider? Known here: ${Object.keys(leversSchema(mindmend).shape).join(", ")}.`,
        command: "pulumi config rm aiProvder",
      },
    ]);
  });

  it("a misspelled key inside a lever", () => {
    expect(problemsOf({ ...good, canary: { image, wieght: 0 } })).toEqual([
      {
        path: "canary.wieght",
        message: "unknown lever. Did you mean canary.weight? Known here: image, weight, aiProvider.",
        command: "pulumi config rm --path canary.wieght",
      },
    ]);
  });

  it("a provider that is not in the plan", () => {
    expect(problemsOf({ ...good, aiProvider: "vertex" })).toEqual([
      {
        path: "aiProvider",
        message: '"vertex" is not a provider of this plan; expected openai or gemini',
        command: "pulumi config set aiProvider openai",
      },
    ]);
  });

  it("a track that pins anything but the fallback provider", () => {
    expect(problemsOf({ ...good, stable: { image, aiProvider: "gemini" } })).toEqual([
      {
        path: "stable.aiProvider",
        message:
          '"gemini" cannot be pinned: a track may pin only the fallback provider, openai, so that setting aiProvider moves everything',
        command: "pulumi config set --path stable.aiProvider openai",
      },
    ]);
  });

  it.each([
    [-1, "expected a whole number from 0 to 100, got -1"],
    [101, "expected a whole number from 0 to 100, got 101"],
    ["many", 'expected a whole number from 0 to 100, got "many"'],
    [2.5, "expected a whole number from 0 to 100, got 2.5"],
    [90, "90 cannot be reached with replicas, which weigh up to 75 or 100; expected one of those, or a Gateway"],
  ])("a weight of %j", (weight, message) => {
    expect(problemsOf({ ...good, canary: { image, weight } })).toEqual([
      { path: "canary.weight", message, command: "pulumi config set --path canary.weight 0" },
    ]);
  });

  it("an image without a digest", () => {
    expect(problemsOf({ ...good, stable: { image: "registry.example/app:latest" } })).toEqual([
      {
        path: "stable.image",
        message:
          '"registry.example/app:latest" is not pinned by digest; expected name@sha256:<64 hex digits>, so that a rollback restores exactly what ran',
        command: "pulumi config set --path stable.image <name@sha256:digest>",
      },
    ]);
  });

  it("a missing credential of the fallback provider", () => {
    expect(problemsOf({ ...good, credentials: { gemini: { apiKey: "key-two" } } })).toEqual([
      {
        path: "credentials.openai.apiKey",
        message: "missing: every level must be able to return to the fallback provider",
        command: "pulumi config set --secret --path credentials.openai.apiKey (it asks for the value)",
      },
    ]);
  });

  it("a credential that is a placeholder or no text, without quoting it", () => {
    const problems = problemsOf({ ...good, credentials: { openai: { apiKey: "<your-key>" }, gemini: { apiKey: 70707 } } });
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "credentials.openai.apiKey: is a placeholder",
      "credentials.gemini.apiKey: expected text",
    ]);
  });

  it("everything that is wrong at once, and says that nothing was changed", () => {
    const raw = { ...good, aiProvider: "vertex", canary: { image, weight: "x" }, stabel: {} };
    expect(() => checkLevers(mindmend, raw, "mindmend-test")).toThrow(
      /^3 levers of stack mindmend-test cannot be used\. Nothing was changed\.\n {2}aiProvider: /,
    );
  });
});
