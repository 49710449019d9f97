import { describe, expect, it } from "vitest";
import { found, updateOf } from "../../test/unit/guards/shop.ts";
import type { Levers } from "../levers/levers.ts";
import { fallbackCredentials } from "./fallbackCredentials.ts";

const problems = (credentials: unknown): string[] => {
  const change = updateOf({});
  return found(fallbackCredentials, { ...change, levers: { ...change.levers, credentials } as Levers });
};
const [openai, gemini] = [{ apiKey: "sk-one" }, { apiKey: "key-two" }];

describe("fallback-credentials", () => {
  it("finds nothing where every provider that may answer has its own", () => expect(problems({ openai, gemini })).toEqual([]));
  it("asks for the fallback's, whoever answers now", () =>
    expect(problems({ gemini })).toEqual([
      "credentials.openai.apiKey: missing: every level must be able to return to the fallback provider | pulumi config set --secret --path credentials.openai.apiKey (it asks for the value)",
    ]));
  it("asks for the provider's of each track", () =>
    expect(problems({ openai })).toEqual([
      "credentials.gemini.apiKey: missing: aiProvider needs it | pulumi config set --secret --path credentials.gemini.apiKey (it asks for the value)",
    ]));
  it.each([
    ["", "is empty"],
    ["changeme", "is a placeholder"],
    ["<your key>", "is a placeholder"],
  ])("refuses %j, without quoting it", (apiKey, why) => {
    const [problem = "", ...more] = problems({ openai: { apiKey }, gemini });
    expect(more).toEqual([]);
    expect(problem).toContain(`credentials.openai.apiKey: ${why} | pulumi config set --secret --path credentials.openai.apiKey`);
  });
  it("asks nothing of a provider that answers nobody", () => expect(problems({ openai, gemini, vertex: { apiKey: "" } })).toEqual([]));
});
