import type { PlanInput } from "../../components/plan/plan.ts";

/** Rows B4 and B12. */
export const database: PlanInput["database"] = {
  engine: "postgresql",
  env: { url: "DATABASE_URL", passwordFile: "DATABASE_PASSWORD_FILE" },
  settings: { DATABASE_TABLES: "wabot" },
  revisions: [
    { name: "0001", title: "Conversations, messages and logs" },
    { name: "0002", title: "What the enhancements note: harmonizations and reference contexts" },
  ],
  commands: { current: ["migrate", "current"], to: ["migrate", "to", "{revision}"] },
};

/** Row B12. */
export const queries: PlanInput["queries"] = {
  harmonizedWithoutMessages: {
    title: "Harmonizations without their messages",
    kind: "integrity",
    rows: ["B12"],
    since: "0002",
    sql: "SELECT COUNT(*) FROM bot_messageharmonizationlog WHERE message_ids IS NULL;",
    expect: 0,
  },
  contextsWithoutItems: {
    title: "Reference contexts without items",
    kind: "integrity",
    rows: ["B12"],
    since: "0002",
    sql: "SELECT COUNT(*) FROM bot_referencecontext WHERE items IS NULL;",
    expect: 0,
  },
  orphanedContexts: {
    title: "Reference contexts without a conversation",
    kind: "integrity",
    rows: ["B12"],
    since: "0002",
    sql: "SELECT COUNT(*) FROM bot_referencecontext WHERE conversation_id NOT IN (SELECT id FROM messaging_conversation);",
    expect: 0,
  },
  migrations: {
    title: "Migrations that are applied",
    kind: "integrity",
    rows: ["B12"],
    sql: "SELECT * FROM django_migrations WHERE app = 'bot' ORDER BY applied DESC LIMIT 10;",
  },
  harmonizationFailures: {
    title: "Harmonization failures in the last hour",
    kind: "health",
    rows: ["B1", "B12"],
    since: "0002",
    sql: "SELECT COUNT(*) FROM bot_messageharmonizationlog WHERE created_at >= NOW() - INTERVAL '1 hour' AND status = 'failed';",
  },
  errorRate: {
    title: "Recent error rate",
    kind: "health",
    rows: ["B12"],
    sql: [
      "SELECT",
      "    DATE_TRUNC('minute', created_at) AS minute,",
      "    COUNT(*) FILTER (WHERE level = 'ERROR') AS errors,",
      "    COUNT(*) AS total",
      "FROM logs",
      "WHERE created_at >= NOW() - INTERVAL '1 hour'",
      "GROUP BY minute",
      "ORDER BY minute DESC;",
    ].join("\n"),
  },
  responseTimes: {
    title: "Response time percentiles",
    kind: "health",
    rows: ["B12"],
    sql: [
      "SELECT",
      "    PERCENTILE_CONT(0.50) WITHIN GROUP (ORDER BY response_time_ms) AS p50,",
      "    PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY response_time_ms) AS p95,",
      "    PERCENTILE_CONT(0.99) WITHIN GROUP (ORDER BY response_time_ms) AS p99",
      "FROM messaging_message",
      "WHERE created_at >= NOW() - INTERVAL '1 hour'",
      "    AND direction = 'outbound';",
    ].join("\n"),
  },
};
