/** Rows as a system has them after years: what a drill fills its database with. */

import type { System } from "./migrations/index.ts";

/** Text that compresses as what people write does, of some 170 bytes. */
const text = "md5(i::text) || repeat(md5((i / 7)::text), 4)";
const when = "now() - interval '1 day' - i * interval '1 second'";
const rows = 10_000;
const each = `generate_series(1, ${rows}) AS i`;
const user = "history@example.com";

/** Whom the rows belong to, and so many rows of them. */
const statements: Record<System, { owner: string; batch: string }> = {
  chat: {
    owner: `INSERT INTO "User" (id, email) VALUES ('${user}', '${user}')`,
    batch: `INSERT INTO "Message" ("userId", content, "createdAt") SELECT '${user}', ${text}, ${when} FROM ${each}`,
  },
  easymo: {
    owner: `INSERT INTO profiles (phone) VALUES ('${user}')`,
    batch: `INSERT INTO messages (phone, body, created_at) SELECT '${user}', ${text}, ${when} FROM ${each}`,
  },
  mindmend: {
    owner: `INSERT INTO patients (email) VALUES ('${user}')`,
    batch: `INSERT INTO sessions (patient_id, message, response, created_at)
      SELECT patients.id, ${text}, ${text}, ${when} FROM patients, ${each} WHERE email = '${user}'`,
  },
  wabot: {
    owner: `INSERT INTO messaging_conversation (tenant, customer, updated_at) VALUES ('history', '${user}', now() - interval '1 day')`,
    batch: `INSERT INTO messaging_message (conversation_id, direction, body, response_time_ms, created_at)
      SELECT conversation.id, 'outbound', ${text}, 100, ${when} FROM messaging_conversation AS conversation, ${each} WHERE customer = '${user}'`,
  },
  watibot: {
    owner: "",
    batch: `INSERT INTO conversations (thread_id, phone_number, message, created_at) SELECT 'thread_' || gen_random_uuid(), '${user}', ${text}, ${when} FROM ${each}`,
  },
};

/** For psql's input: fills the database of a system, at its newest revision, until it takes so many bytes. */
export function historyScript(system: System, bytes: number): string {
  const { owner, batch } = statements[system];
  return [
    owner && `${owner};`,
    "DO $$ BEGIN",
    `  WHILE pg_database_size(current_database()) < ${bytes} LOOP`,
    `    ${batch};`,
    "    COMMIT;",
    "  END LOOP;",
    "END $$;",
    // What the server would otherwise do in the drill: statistics, and the pages that are still to be written.
    "VACUUM ANALYZE;",
    "CHECKPOINT;",
    "\\q",
    "",
  ].join("\n");
}
