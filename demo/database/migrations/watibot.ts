import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Row W5: conversations by the thread of before, and the columns that belong to Vertex AI alone. */
export const watibot: Record<string, Migration> = {
  "0001": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("conversations")
        .addColumn("id", "uuid", (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
        .addColumn("thread_id", "text", (column) => column.notNull())
        .addColumn("phone_number", "text", (column) => column.notNull())
        .addColumn("message", "text", (column) => column.notNull())
        .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
    },
    async down(db: Kysely<unknown>) {
      await db.schema.dropTable("conversations").execute();
    },
  },
  "0002": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .alterTable("conversations")
        .addColumn("session_id", "text")
        .addColumn("vertex_migrated", "integer", (column) => column.notNull().defaultTo(0))
        .addColumn("migration_date", "timestamptz")
        .execute();
    },
    async down(db: Kysely<unknown>) {
      await db.schema
        .alterTable("conversations")
        .dropColumn("migration_date")
        .dropColumn("vertex_migrated")
        .dropColumn("session_id")
        .execute();
    },
  },
};
