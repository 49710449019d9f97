import type { Generated, Kysely } from "kysely";
import { nobody, type Records } from "./records.ts";

interface Tables {
  messaging_conversation: { id: Generated<string>; tenant: string; customer: string; created_at: Generated<Date>; updated_at: Date };
  messaging_message: {
    id: Generated<string>;
    conversation_id: string;
    direction: "inbound" | "outbound";
    body: string;
    response_time_ms: number | null;
    created_at: Generated<Date>;
  };
  logs: { level: string; message: string };
  bot_messageharmonizationlog: { message_ids: string; status: string };
  bot_referencecontext: { conversation_id: string; items: string };
}

/** @param release whether it knows the tables of the enhancements. */
export function wabotRecords(db: Kysely<Tables>, release: { enhancements: boolean }): Records {
  return {
    /** A message, its answer and what the enhancements note of them are there together or not at all. */
    save: ({ from: customer = nobody, tenant = "default", message, answer, milliseconds }) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto("messaging_conversation")
          .values({ tenant, customer, updated_at: new Date() })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const conversation = await transaction
          .selectFrom("messaging_conversation")
          .select("id")
          .where("tenant", "=", tenant)
          .where("customer", "=", customer)
          .executeTakeFirstOrThrow();
        const messages = await transaction
          .insertInto("messaging_message")
          .values([
            { conversation_id: conversation.id, direction: "inbound", body: message, response_time_ms: null },
            { conversation_id: conversation.id, direction: "outbound", body: answer, response_time_ms: Math.round(milliseconds) },
          ])
          .returning("id")
          .execute();
        await transaction.insertInto("logs").values({ level: "INFO", message: "answered" }).execute();
        const [inbound, outbound] = messages.map(({ id }) => id);
        if (release.enhancements) {
          const message_ids = JSON.stringify([inbound]);
          await transaction.insertInto("bot_messageharmonizationlog").values({ message_ids, status: "done" }).execute();
          const items = JSON.stringify([outbound]);
          await transaction.insertInto("bot_referencecontext").values({ conversation_id: conversation.id, items }).execute();
        }
        // Last: until the end, nobody else can write to this conversation.
        await transaction.updateTable("messaging_conversation").set({ updated_at: new Date() }).where("id", "=", conversation.id).execute();
        return inbound ?? "";
      }),
  };
}
