import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Row C5: users with their counters, which are text as in the team's own schema, and the messages that they count. */
export const chat: Record<string, Migration> = {
  "0001": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("User")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("email", "text", (column) => column.notNull())
        .addColumn("requestsToday", "text", (column) => column.notNull().defaultTo("0"))
        .addColumn("dailyRequestLimit", "text", (column) => column.notNull().defaultTo("50"))
        .addColumn("lastRequestReset", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .addColumn("updatedAt", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
      await db.schema
        .createTable("Message")
        .addColumn("id", "uuid", (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
        .addColumn("userId", "text", (column) => column.notNull().references("User.id"))
        .addColumn("content", "text", (column) => column.notNull())
        .addColumn("createdAt", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
    },
    async down(db: Kysely<unknown>) {
      await db.schema.dropTable("Message").execute();
      await db.schema.dropTable("User").execute();
    },
  },
};
