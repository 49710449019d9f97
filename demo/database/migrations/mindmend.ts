import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Row M5: the tables that its document looks at, and what the Gemini migration added to them. */
export const mindmend: Record<string, Migration> = {
  "0001": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("patients")
        .addColumn("id", "uuid", (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
        .addColumn("email", "text", (column) => column.notNull().unique())
        .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
      await db.schema
        .createTable("sessions")
        .addColumn("id", "uuid", (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
        .addColumn("patient_id", "uuid", (column) => column.notNull().references("patients.id"))
        .addColumn("message", "text", (column) => column.notNull())
        .addColumn("response", "text", (column) => column.notNull())
        .addColumn("created_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
    },
    async down(db: Kysely<unknown>) {
      await db.schema.dropTable("sessions").execute();
      await db.schema.dropTable("patients").execute();
    },
  },
  "0002": {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable("sessions").addColumn("gemini_model", "text").execute();
      await db.schema.alterTable("patients").addColumn("gemini_consent_at", "timestamptz").execute();
    },
    async down(db: Kysely<unknown>) {
      // The order in which a session that is saved locks them too, by its reference: the other way round, both wait for each other.
      await db.schema.alterTable("sessions").dropColumn("gemini_model").execute();
      await db.schema.alterTable("patients").dropColumn("gemini_consent_at").execute();
    },
  },
};
