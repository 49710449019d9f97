import type { PlanInput } from "../../components/plan/plan.ts";

/** Row W5: no rollback loses a conversation, or what a later migration needs of it. */
export const queries: PlanInput["queries"] = {
  threads: {
    title: "Conversations by the thread of before",
    kind: "integrity",
    rows: ["W5"],
    sql: "SELECT thread_id, phone_number, created_at\nFROM conversations\nWHERE thread_id IS NOT NULL;",
    kept: true,
  },
  sessions: {
    title: "Sessions of Vertex AI, kept for another migration",
    kind: "integrity",
    rows: ["W5"],
    sql: "SELECT session_id, vertex_migrated, migration_date\nFROM conversations\nWHERE vertex_migrated = 1;",
    kept: true,
  },
  withoutThread: {
    title: "Conversations without a thread",
    kind: "integrity",
    rows: ["W4", "W5"],
    sql: "SELECT COUNT(*) FROM conversations WHERE thread_id IS NULL;",
    expect: 0,
  },
};
