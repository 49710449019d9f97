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
    /**
     * The message and its count are there together or not at all. One statement: nobody else can count for this user until it is over,
     * and a service that waits for a CPU between two of a transaction's would keep them waiting too.
     */
    async save({ from: id = nobody, message: content }) {
      const email = id.includes("@") ? id : `${id}@example.com`;
      const requestsToday = sql<string>`(CAST("User"."requestsToday" AS INTEGER) + 1)::text`;
      const saved = await db
        .with("counted", (counting) =>
          counting
            .insertInto("User")
            .values({ id, email, requestsToday: "1", dailyRequestLimit })
            .onConflict((conflict) => conflict.column("id").doUpdateSet({ requestsToday, updatedAt: new Date() }))
            .returning("id"),
        )
        .insertInto("Message")
        .columns(["userId", "content"])
        .expression((from) => from.selectFrom("counted").select(["id", sql<string>`${content}::text`.as("content")]))
        .returning("id")
        .executeTakeFirstOrThrow();
      return saved.id;
    },
  };
}
