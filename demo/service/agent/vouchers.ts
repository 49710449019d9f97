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

export type Vouchers = ReturnType<typeof createVouchers>;

/** Vouchers and the ways in which they may change (row E9). In memory until there is a database: each pod has its own. */
export function createVouchers(newId: () => string = () => randomUUID().slice(0, 8)) {
  const vouchers = new Map<string, Voucher>();

  function change(id: string, state: "redeemed" | "voided", by?: string): Voucher {
    const voucher = vouchers.get(id);
    // To whom it does not belong, it does not exist: whose it is, is nobody else's business.
    if (!voucher || (by !== undefined && voucher.customer !== by)) throw new VoucherError(`There is no voucher ${id} of yours.`);
    if (voucher.state !== "issued") throw new VoucherError(`Voucher ${id} is ${voucher.state} already.`);
    const changed = { ...voucher, state };
    vouchers.set(id, changed);
    return changed;
  }

  return {
    create(customer: string, amount: number): Voucher {
      const voucher: Voucher = { id: newId(), customer, amount, state: "issued" };
      vouchers.set(voucher.id, voucher);
      return voucher;
    },
    /** @throws VoucherError unless it is issued, and the customer's own. */
    redeem: (id: string, customer: string) => change(id, "redeemed", customer),
    /** @throws VoucherError unless it is issued. */
    void: (id: string) => change(id, "voided"),
    of: (customer: string): Voucher[] => [...vouchers.values()].filter((voucher) => voucher.customer === customer),
  };
}
