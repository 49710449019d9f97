import { type Kysely, sql } from "kysely";
import { nobody, type Records } from "./records.ts";

/** @param release whether it knows the tables of the enhancements. */
export function wabotRecords(db: Kysely<unknown>, release: { enhancements: boolean }): Records {
  return {
    /**
     * A message, its answer and what the enhancements note of them are there together or not at all. One statement: nobody else can write
     * to this conversation until it is over, and a service that waits for a CPU between two of a transaction's would keep them waiting too.
     */
    async save({ from: customer = nobody, tenant = "default", message, answer, milliseconds }) {
      const saved = sql<{ id: string }>`
        WITH conversation AS (
          INSERT INTO messaging_conversation (tenant, customer, updated_at) VALUES (${tenant}, ${customer}, now())
          ON CONFLICT (tenant, customer) DO UPDATE SET updated_at = excluded.updated_at RETURNING id
        ), inbound AS (
          INSERT INTO messaging_message (conversation_id, direction, body) SELECT id, 'inbound', ${message} FROM conversation RETURNING id
        ), outbound AS (
          INSERT INTO messaging_message (conversation_id, direction, body, response_time_ms)
          SELECT id, 'outbound', ${answer}, ${Math.round(milliseconds)} FROM conversation RETURNING id, conversation_id
        ), logged AS (
          INSERT INTO logs (level, message) VALUES ('INFO', 'answered')
        )${release.enhancements ? enhancements : sql``}
        SELECT id FROM inbound`;
      const { rows } = await saved.execute(db);
      return rows[0]?.id ?? "";
    },
  };
}

const enhancements = sql`, harmonized AS (
          INSERT INTO bot_messageharmonizationlog (message_ids, status) SELECT jsonb_build_array(id), 'done' FROM inbound
        ), referred AS (
          INSERT INTO bot_referencecontext (conversation_id, items) SELECT conversation_id, jsonb_build_array(id) FROM outbound
        )`;
