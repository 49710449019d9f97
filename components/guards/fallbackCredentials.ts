import { credentialProblems } from "../levers/credentials.ts";
import { trackLevers } from "../trackLevers.ts";
import type { Guard } from "./guard.ts";

/** A stack's own levers are refused for it before any guard is asked; this is for programs that make theirs. */
export const fallbackCredentials: Guard = {
  name: "fallback-credentials",
  description: "Every provider that takes traffic or may have to has its credentials, the fallback first.",
  why: "E6, W1: a rollback to a provider without its key is none",
  severity: "critical",
  slowsRollouts: false,
  check({ plan, levers }) {
    const answering = trackLevers(plan, levers).map(({ provider }) => provider);
    return credentialProblems(plan, levers, [plan.providers.fallback, levers.aiProvider, ...answering]);
  },
};
