import type { PlanInput } from "../../components/plan/plan.ts";

/** Row W5: that no conversation loses its thread, and what is kept for going to Vertex AI again. */
export const queries: PlanInput["queries"] = {
  threads: {
    title: "Conversations by the thread of before",
    kind: "integrity",
    rows: ["W5"],
    sql: "SELECT thread_id, phone_number, created_at\nFROM conversations\nWHERE thread_id IS NOT NULL;",
    kept: true,
  },
  conversationsWithoutThread: {
    title: "Conversations without the thread by which they are found",
    kind: "integrity",
    rows: ["W4", "W5"],
    sql: "SELECT COUNT(*) FROM conversations WHERE thread_id IS NULL;",
    expect: 0,
  },
  sessions: {
    title: "Vertex AI's sessions, kept for going there again",
    kind: "integrity",
    rows: ["W5"],
    sql: "SELECT session_id, vertex_migrated, migration_date\nFROM conversations\nWHERE vertex_migrated = 1;",
    since: "0002",
    kept: true,
  },
};
