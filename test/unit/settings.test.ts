import { describe, expect, it } from "vitest";
import { checkLevers } from "../../components/levers/check.ts";
import { LeverError } from "../../components/levers/errors.ts";
import { settingsVersion } from "../../components/settings.ts";
import chat from "../../stacks/chat.ts";

const levers = {
  system: "chat",
  aiProvider: "openai",
  stable: { image: `chat@sha256:${"a".repeat(64)}` },
  credentials: { openai: { apiKey: "sk-one" } },
};
const backoff = (retryBackoffMs: unknown) => checkLevers(chat, { ...levers, settings: { retryBackoffMs } }, "chat").settings;

function problem(value: unknown): string[] {
  try {
    backoff(value);
    return [];
  } catch (error) {
    if (!(error instanceof LeverError)) throw error;
    return error.problems.flatMap(({ path, message, command }) => [`${path}: ${message}`, command]);
  }
}

describe("a setting of several whole numbers", () => {
  it.each([["500,1000,2000"], ["500, 1000, 2000"], [[500, 1000, 2000]], [["500", "1000", "2000"]]])("C3: takes %j", (value) => {
    expect(settingsVersion(chat, backoff(value)).data.RETRY_BACKOFF_MS).toBe("500,1000,2000");
  });

  it("takes one number, which is what `pulumi config set --path` makes of 500", () => {
    expect(settingsVersion(chat, backoff(500)).data.RETRY_BACKOFF_MS).toBe("500");
  });

  it("has the plan's default where the stack says nothing", () => {
    expect(settingsVersion(chat, checkLevers(chat, levers, "chat").settings).data).toEqual({
      RETRY_MAX_ATTEMPTS: "3",
      RETRY_BACKOFF_MS: "1000,2000,4000",
      RETRY_ENABLE_FALLBACK: "true",
      MIN_VALIDATION_TEXT_LENGTH: "10",
      AI_TIMEOUT_MS: "10000",
    });
  });

  it.each([["500,,2000"], ["500,soon"], ["-1"], ["500,60001"], [2.5], [[]], [true], [{ a: 1 }]])("C3: refuses %j", (value) => {
    expect(problem(value)).toEqual([
      `settings.retryBackoffMs: expected whole numbers from 0 to 60000 with commas between them, got ${JSON.stringify(value)}`,
      "pulumi config set --path settings.retryBackoffMs 1000,2000,4000",
    ]);
  });
});
