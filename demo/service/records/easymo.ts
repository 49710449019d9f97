import { randomUUID } from "node:crypto";
import type { Generated, Kysely } from "kysely";
import { refusal, type Voucher, type VoucherState, type Vouchers } from "../agent/vouchers.ts";
import { nobody, type Records } from "./records.ts";

interface Tables {
  profiles: { phone: string; created_at: Generated<Date> };
  messages: { id: Generated<string>; phone: string; body: string; created_at: Generated<Date> };
  vouchers: Voucher & { created_at: Generated<Date>; updated_at: Generated<Date> };
}

const columns = ["id", "customer", "amount", "state"] as const;

export function easymoRecords(db: Kysely<Tables>): Records {
  const known = (phone: string) =>
    db
      .insertInto("profiles")
      .values({ phone })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  return {
    async save({ from = nobody, message }) {
      await known(from);
      const { id } = await db.insertInto("messages").values({ phone: from, body: message }).returning("id").executeTakeFirstOrThrow();
      return id;
    },
    vouchers: {
      async create(customer, amount) {
        await known(customer);
        const voucher = { id: randomUUID().slice(0, 8), customer, amount, state: "issued" as const };
        return db.insertInto("vouchers").values(voucher).returning(columns).executeTakeFirstOrThrow();
      },
      redeem: (id, customer) => change(id, "redeemed", customer),
      void: (id) => change(id, "voided"),
      of: (customer) => db.selectFrom("vouchers").select(columns).where("customer", "=", customer).execute(),
    } satisfies Vouchers,
  };

  /** In one statement, so that of two who redeem the same voucher one is refused. */
  async function change(id: string, state: VoucherState, by?: string): Promise<Voucher> {
    let update = db.updateTable("vouchers").set({ state, updated_at: new Date() }).where("id", "=", id).where("state", "=", "issued");
    if (by !== undefined) update = update.where("customer", "=", by);
    const changed = await update.returning(columns).executeTakeFirst();
    if (changed) return changed;
    const voucher = await db.selectFrom("vouchers").select(columns).where("id", "=", id).executeTakeFirst();
    throw refusal(id, voucher, by);
  }
}
