import { checkLevers } from "../../../components/levers/check.ts";
import { LeverError, type Problem } from "../../../components/levers/errors.ts";
import type { FlagLevers } from "../../../components/levers/flags.ts";
import { definePlan, type Plan, type PlanInput } from "../../../components/plan/plan.ts";
import { loadConfig } from "../../../demo/service/config.ts";
import chatPlan from "../../../stacks/chat.ts";

export { default as easymo } from "../../../stacks/easymo.ts";
export { default as wabot } from "../../../stacks/wabot.ts";

/** A small plan with these flags, and more where a test needs it. */
export function planWith(flags: PlanInput["flags"], more: Partial<PlanInput> = {}): Plan {
  return definePlan({
    system: "shop",
    title: "A system with flags",
    service: {
      name: "shop",
      container: "app",
      port: 8080,
      healthPath: "/health",
      replicas: 2,
      resources: { requests: {}, limits: {} },
      tracks: { stable: { deployment: "shop", version: "stable" }, canary: { deployment: "shop-canary", version: "canary" } },
    },
    providers: {
      fallback: "openai",
      candidate: "gemini",
      known: {
        openai: { env: { AI_PROVIDER: "openai" }, credentials: { apiKey: "OPENAI_API_KEY" } },
        gemini: { env: { AI_PROVIDER: "gemini" }, credentials: { apiKey: "GEMINI_API_KEY" } },
      },
    },
    flags,
    objectives: {
      rtoSeconds: 300,
      rpoSeconds: 0,
      success: ["It works"],
      drill: { everyDays: 31, level: "provider", success: ["It works"] },
    },
    before: { aiProvider: "gemini" },
    levels: { provider: level({ path: "aiProvider", value: "openai" }) },
    ...more,
  });
}

/** A level that pulls these levers. */
export const level = (...levers: PlanInput["levels"][string]["steps"][number]["levers"]): PlanInput["levels"][string] => ({
  title: "Level 1",
  when: ["It fails"],
  rows: [],
  rtoSeconds: 300,
  steps: [{ levers }],
  safe: {},
  verification: [{ type: "http", title: "health", path: "/health", status: 200 }],
});

/** Rows C1, C2. */
export const chat = planWith(chatPlan.flags);

const others = {
  aiProvider: "openai",
  stable: { image: `registry.example/app@sha256:${"a".repeat(64)}` },
  credentials: { openai: { apiKey: "sk-one" } },
};

/** A stack's levers with these flags, as its file has them. */
export const leversWith = (plan: Plan, flags: unknown) => checkLevers(plan, { ...others, system: plan.system, flags }, "shop-test");

export const flagLevers = (plan: Plan, flags: unknown): FlagLevers => leversWith(plan, flags).flags;

export function problemsOf(plan: Plan, flags: unknown): Problem[] {
  try {
    leversWith(plan, flags);
    return [];
  } catch (error) {
    if (error instanceof LeverError) return [...error.problems];
    throw error;
  }
}

/** The demo service's own reading of its environment. */
export const serviceConfig = (environment: Record<string, string>) => loadConfig({ OPENAI_API_KEY: "k", ...environment });
