import { randomUUID } from "node:crypto";
import type { Generated, Kysely } from "kysely";
import { nobody, type Records } from "./records.ts";

interface Tables {
  conversations: {
    id: Generated<string>;
    thread_id: string;
    phone_number: string;
    message: string;
    created_at: Generated<Date>;
    session_id: Generated<string | null>;
    vertex_migrated: Generated<number>;
    migration_date: Generated<Date | null>;
  };
}

/** @param release whether it goes on with conversations on Vertex AI; their threads stay as they were either way (row W5). */
export function watibotRecords(db: Kysely<Tables>, release: { vertex: boolean }): Records {
  return {
    async save({ from = nobody, message }) {
      const migrated = release.vertex ? { session_id: randomUUID(), vertex_migrated: 1, migration_date: new Date() } : {};
      const { id } = await db
        .insertInto("conversations")
        .values({ thread_id: `thread_${randomUUID()}`, phone_number: from, message, ...migrated })
        .returning("id")
        .executeTakeFirstOrThrow();
      return id;
    },
  };
}
