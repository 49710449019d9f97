import type { Generated, Kysely } from "kysely";
import { nobody, type Records } from "./records.ts";

interface Tables {
  patients: { id: Generated<string>; email: string; created_at: Generated<Date> };
  sessions: {
    id: Generated<string>;
    patient_id: string;
    message: string;
    response: string;
    created_at: Generated<Date>;
    gemini_model: Generated<string | null>;
  };
}

/** @param release whether it knows the columns of the Gemini migration. */
export function mindmendRecords(db: Kysely<Tables>, release: { gemini: boolean }): Records {
  return {
    async save({ from: email = nobody, message, answer, model }) {
      const patient = await db
        .insertInto("patients")
        .values({ email })
        .onConflict((conflict) => conflict.column("email").doUpdateSet({ email }))
        .returning("id")
        .executeTakeFirstOrThrow();
      const gemini = release.gemini && model?.startsWith("gemini") ? { gemini_model: model } : {};
      const session = await db
        .insertInto("sessions")
        .values({ patient_id: patient.id, message, response: answer, ...gemini })
        .returning("id")
        .executeTakeFirstOrThrow();
      return session.id;
    },
  };
}
