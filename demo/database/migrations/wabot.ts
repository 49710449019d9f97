import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { migrationTable } from "../migrator.ts";

/**
 * Rows B5 and B12: conversations and messages, and what the UX enhancements added. As in Django, nothing in the database itself keeps a
 * context from outliving its conversation, or a column from being null: that is what the document's queries look for.
 */
export const wabot: Record<string, Migration> = {
  "0001": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("messaging_conversation")
        .addColumn("id", "uuid", (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
        .addColumn("tenant", "text", (column) => column.notNull())
        .addColumn("customer", "text", (column) => column.notNull())
        .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .addColumn("updated_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .addUniqueConstraint("messaging_conversation_of", ["tenant", "customer"])
        .execute();
      await db.schema
        .createTable("messaging_message")
        .addColumn("id", "uuid", (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
        .addColumn("conversation_id", "uuid", (column) => column.notNull().references("messaging_conversation.id"))
        .addColumn("direction", "text", (column) => column.notNull().check(sql`direction IN ('inbound', 'outbound')`))
        .addColumn("body", "text", (column) => column.notNull())
        .addColumn("response_time_ms", "integer")
        .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
      await db.schema
        .createTable("logs")
        .addColumn("id", "bigint", (column) => column.primaryKey().generatedAlwaysAsIdentity())
        .addColumn("level", "text", (column) => column.notNull())
        .addColumn("message", "text", (column) => column.notNull())
        .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
      // Under the name by which the document asks for it.
      await sql`CREATE VIEW django_migrations AS SELECT 'bot' AS app, name, timestamp AS applied FROM ${sql.table(migrationTable)}`.execute(
        db,
      );
    },
    async down(db: Kysely<unknown>) {
      await db.schema.dropView("django_migrations").execute();
      for (const table of ["logs", "messaging_message", "messaging_conversation"]) await db.schema.dropTable(table).execute();
    },
  },
  "0002": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("bot_messageharmonizationlog")
        .addColumn("id", "uuid", (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
        .addColumn("message_ids", "jsonb")
        .addColumn("status", "text", (column) => column.notNull())
        .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
      await db.schema
        .createTable("bot_referencecontext")
        .addColumn("id", "uuid", (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
        .addColumn("conversation_id", "uuid", (column) => column.notNull())
        .addColumn("items", "jsonb")
        .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
    },
    async down(db: Kysely<unknown>) {
      await db.schema.dropTable("bot_referencecontext").execute();
      await db.schema.dropTable("bot_messageharmonizationlog").execute();
    },
  },
};
