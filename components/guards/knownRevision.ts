import { ageOf } from "../database/move.ts";
import type { Guard } from "./guard.ts";

/** Of the revision that a stack asks for, its levers are refused before any guard is asked. */
export const knownRevision: Guard = {
  name: "known-revision",
  description: "A database goes from one revision of the plan to another, whose order says which is the ancestor.",
  why: "M5: what is no ancestor cannot be gone down to",
  severity: "critical",
  slowsRollouts: false,
  keepsData: true,
  check({ plan, levers, last }) {
    if (!plan.database || !levers.database || !last?.database) return [];
    const { revision: from } = last.database.attempted ?? last.database;
    const { revision: to } = levers.database;
    if (from === to || ageOf(plan.database, from) >= 0) return [];
    const known = plan.database.revisions.map(({ name }) => name).join(", ");
    const message = `the database has ${from}, which this plan does not know (${known}), so that ${to} cannot be told to be its ancestor`;
    return [{ path: "database.revision", message, command: "git pull && npm ci" }];
  },
};
