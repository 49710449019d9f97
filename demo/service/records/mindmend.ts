import type { Generated, Kysely } from "kysely";
import { nobody, type Records } from "./records.ts";

export interface MindmendTables {
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
export function mindmendRecords(db: Kysely<MindmendTables>, release: { gemini: boolean }): Records {
  const patientWith = (email: string) => db.selectFrom("patients").select("id").where("email", "=", email);

  /** Whoever is known is only read: sessions of one patient do not wait for each other. */
  async function patientOf(email: string): Promise<{ id: string }> {
    const known = await patientWith(email).executeTakeFirst();
    if (known) return known;
    await db
      .insertInto("patients")
      .values({ email })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return patientWith(email).executeTakeFirstOrThrow();
  }

  return {
    async save({ from: email = nobody, message, answer, model }) {
      const patient = await patientOf(email);
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
