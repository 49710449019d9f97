import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Row E6: the schema that the agent needs. */
export const easymo: Record<string, Migration> = {
  "0001": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("profiles")
        .addColumn("phone", "text", (column) => column.primaryKey())
        .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
      await db.schema
        .createTable("messages")
        .addColumn("id", "uuid", (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
        .addColumn("phone", "text", (column) => column.notNull().references("profiles.phone"))
        .addColumn("body", "text", (column) => column.notNull())
        .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
    },
    async down(db: Kysely<unknown>) {
      await db.schema.dropTable("messages").execute();
      await db.schema.dropTable("profiles").execute();
    },
  },
  "0002": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("vouchers")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("customer", "text", (column) => column.notNull().references("profiles.phone"))
        .addColumn("amount", "integer", (column) => column.notNull().check(sql`amount > 0`))
        .addColumn("state", "text", (column) => column.notNull().check(sql`state IN ('issued', 'redeemed', 'voided')`))
        .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .addColumn("updated_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
    },
    async down(db: Kysely<unknown>) {
      await db.schema.dropTable("vouchers").execute();
    },
  },
};
