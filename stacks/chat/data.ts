import type { PlanInput } from "../../components/plan/plan.ts";

const used = 'CAST("requestsToday" AS INTEGER)';
const limit = 'CAST("dailyRequestLimit" AS INTEGER)';
const counters = 'SELECT id, email, "requestsToday", "dailyRequestLimit"\nFROM "User"';
const rows = ["C5"];
const provenBy = "anomalies";

/** Row C5: whether the usage counters are whole. */
export const queries: NonNullable<PlanInput["queries"]> = {
  negative: { title: "Negative request counts", kind: "integrity", rows, sql: `${counters}\nWHERE ${used} < 0;` },
  exceeded: { title: "Counts exceeding limits", kind: "integrity", rows, sql: `${counters}\nWHERE ${used} > ${limit} + 10;` },
  suspicious: {
    title: "Unusually high counts",
    kind: "integrity",
    rows,
    sql: `${counters}\nWHERE ${used} > 1000\nORDER BY ${used} DESC\nLIMIT 20;`,
  },
  affected: {
    title: "Users with potential issues",
    kind: "integrity",
    rows,
    sql: [
      'SELECT id, email, "requestsToday", "dailyRequestLimit", "lastRequestReset",',
      "  CASE",
      `    WHEN ${used} < 0 THEN 'negative'`,
      `    WHEN ${used} > ${limit} + 10 THEN 'exceeded'`,
      `    WHEN ${used} > 1000 THEN 'suspicious'`,
      "  END AS issue_type",
      'FROM "User"',
      `WHERE ${used} < 0`,
      `  OR ${used} > ${limit} + 10`,
      `  OR ${used} > 1000;`,
    ].join("\n"),
  },
  anomalies: {
    title: "No more anomalies",
    kind: "integrity",
    rows,
    sql: `SELECT COUNT(*) AS issue_count\nFROM "User"\nWHERE ${used} < 0\n  OR ${used} > ${limit} + 10;`,
    expect: 0,
  },
};

/** Row C5: how the usage counters are put right. */
export const repairs: NonNullable<PlanInput["repairs"]> = {
  reset: {
    title: "Option A: reset negative counts to 0 (conservative)",
    rows,
    provenBy,
    sql: `UPDATE "User"\nSET "requestsToday" = '0', "updatedAt" = NOW()\nWHERE ${used} < 0;`,
  },
  cap: {
    title: "Option B: cap counts at the daily limit",
    rows,
    provenBy,
    sql: `UPDATE "User"\nSET "requestsToday" = "dailyRequestLimit", "updatedAt" = NOW()\nWHERE ${used} > ${limit};`,
  },
  script: {
    title: "Option C: script; negative counts become 0, those more than 10 above their limit become the limit, each with a line",
    rows,
    provenBy,
    dryRun: "npx tsx scripts/fix-usage-counters.ts --dry-run",
    command: "npx tsx scripts/fix-usage-counters.ts",
  },
};
