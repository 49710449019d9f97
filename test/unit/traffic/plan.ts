import { checkLevers } from "../../../components/levers/check.ts";
import { LeverError, type Problem } from "../../../components/levers/errors.ts";
import type { Plan } from "../../../components/plan/plan.ts";
import { planWith } from "../flags/plans.ts";

/** A plan whose callers are told apart by headers. */
export const shop: Plan = planWith(
  { audience: { segments: ["enterprise", "free"] } },
  { traffic: { headers: { segments: "x-user-segment", tenants: "x-tenant" } } },
);

const image = `registry.example/app@sha256:${"a".repeat(64)}`;

export const before = {
  system: "shop",
  aiProvider: "gemini",
  stable: { image, aiProvider: "openai" },
  canary: { image, weight: 25 },
  credentials: { openai: { apiKey: "sk-one" }, gemini: { apiKey: "key-two" } },
};

export const throughGateway = { ...before, traffic: { mode: "gateway", gateway: { name: "public", namespace: "infra" } } };

export function problemsOf(levers: Record<string, unknown>, plan = shop): readonly Problem[] {
  try {
    checkLevers(plan, levers, "s");
    return [];
  } catch (error) {
    if (error instanceof LeverError) return error.problems;
    throw error;
  }
}
