import { type Generated, type Kysely, sql } from "kysely";
import { nobody, type Records } from "./records.ts";

interface Tables {
  User: {
    id: string;
    email: string;
    requestsToday: Generated<string>;
    dailyRequestLimit: Generated<string>;
    lastRequestReset: Generated<Date>;
    updatedAt: Generated<Date>;
  };
  Message: { id: Generated<string>; userId: string; content: string; createdAt: Generated<Date> };
}

/** The demo counts requests and refuses none: whoever drills it is one user who sends more than a day's. */
const dailyRequestLimit = "1000000";

export function chatRecords(db: Kysely<Tables>): Records {
  return {
    /** The message and its count are there together or not at all. */
    save: ({ from: id = nobody, message }) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto("User")
          .values({ id, email: id.includes("@") ? id : `${id}@example.com`, dailyRequestLimit })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const saved = await transaction
          .insertInto("Message")
          .values({ userId: id, content: message })
          .returning("id")
          .executeTakeFirstOrThrow();
        // Last: until the end, nobody else can count for this user.
        const requestsToday = sql<string>`(CAST("requestsToday" AS INTEGER) + 1)::text`;
        await transaction.updateTable("User").set({ requestsToday, updatedAt: new Date() }).where("id", "=", id).execute();
        return saved.id;
      }),
  };
}
