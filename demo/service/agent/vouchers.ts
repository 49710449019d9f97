import { randomUUID } from "node:crypto";

export type VoucherState = "issued" | "redeemed" | "voided";

export interface Voucher {
  id: string;
  /** The phone number it was made for. */
  customer: string;
  amount: number;
  state: VoucherState;
}

/** What a voucher does not allow; its message may be told to the customer. */
export class VoucherError extends Error {
  override name = "VoucherError";
}

/** Vouchers and the ways in which they may change (row E9). */
export interface Vouchers {
  create(customer: string, amount: number): Promise<Voucher>;
  /** @throws VoucherError unless it is issued, and the customer's own. */
  redeem(id: string, customer: string): Promise<Voucher>;
  /** @throws VoucherError unless it is issued. */
  void(id: string): Promise<Voucher>;
  of(customer: string): Promise<Voucher[]>;
}

/** Why a voucher cannot change. To whom it does not belong, it does not exist: whose it is, is nobody else's business. */
export function refusal(id: string, voucher: Voucher | undefined, by: string | undefined): VoucherError {
  if (!voucher || (by !== undefined && voucher.customer !== by)) return new VoucherError(`There is no voucher ${id} of yours.`);
  return new VoucherError(`Voucher ${id} is ${voucher.state} already.`);
}

/** In memory, for a service without a database: each pod has its own. */
export function createVouchers(newId: () => string = () => randomUUID().slice(0, 8)): Vouchers {
  const vouchers = new Map<string, Voucher>();

  async function change(id: string, state: "redeemed" | "voided", by?: string): Promise<Voucher> {
    const voucher = vouchers.get(id);
    if (voucher?.state !== "issued" || (by !== undefined && voucher.customer !== by)) throw refusal(id, voucher, by);
    const changed = { ...voucher, state };
    vouchers.set(id, changed);
    return changed;
  }

  return {
    async create(customer, amount) {
      const voucher: Voucher = { id: newId(), customer, amount, state: "issued" };
      vouchers.set(voucher.id, voucher);
      return voucher;
    },
    redeem: (id, customer) => change(id, "redeemed", customer),
    void: (id) => change(id, "voided"),
    of: async (customer) => [...vouchers.values()].filter((voucher) => voucher.customer === customer),
  };
}
