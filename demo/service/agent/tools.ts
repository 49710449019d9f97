import * as z from "zod";
import type { AgentFeature } from "../config.ts";
import { parseBody } from "../routes/input.ts";
import type { Vouchers } from "./vouchers.ts";

/** What a tool found or did, and how a customer is told. */
export interface ToolResult {
  reply: string;
  data: Record<string, unknown>;
}

export interface Tool {
  feature: AgentFeature;
  /** @throws VoucherError, RequestError */
  run(input: unknown): Promise<ToolResult>;
  /** What a customer writes to have it run, with its input as named groups. */
  phrase: RegExp;
}

const phone = z.string().regex(/^\+\d{8,15}$/, "is no phone number, such as +12025550100");
const id = z.string().min(1);
const amount = z.coerce.number().int().positive();

function tool<T>(feature: AgentFeature, phrase: RegExp, schema: z.ZodType<T>, run: (input: T) => Promise<ToolResult>): Tool {
  return { feature, phrase, run: async (input) => run(parseBody(schema, input)) };
}

export type ToolName = "ai-lookup-customer" | "ai-create-voucher" | "ai-redeem-voucher" | "ai-void-voucher";

/** The agent's tools, by the names of their functions. */
export function createTools(vouchers: Vouchers): Record<ToolName, Tool> {
  return {
    "ai-lookup-customer": tool("customerLookup", /^lookup (?<customer>\S+)$/i, z.object({ customer: phone }), async ({ customer }) => {
      const all = await vouchers.of(customer);
      const issued = all.filter(({ state }) => state === "issued");
      return { reply: `That customer has ${issued.length} open vouchers.`, data: { customer, vouchers: all } };
    }),
    "ai-create-voucher": tool(
      "vouchers",
      /^create voucher (?<amount>\d+) for (?<customer>\S+)$/i,
      z.object({ amount, customer: phone }),
      async (input) => {
        const voucher = await vouchers.create(input.customer, input.amount);
        return { reply: `Voucher ${voucher.id} over ${voucher.amount} is made.`, data: { voucher } };
      },
    ),
    "ai-redeem-voucher": tool("vouchers", /^redeem voucher (?<id>\S+)$/i, z.object({ id, customer: phone }), async (input) => {
      const voucher = await vouchers.redeem(input.id, input.customer);
      return { reply: `Voucher ${voucher.id} over ${voucher.amount} is redeemed.`, data: { voucher } };
    }),
    "ai-void-voucher": tool("vouchers", /^void voucher (?<id>\S+)$/i, z.object({ id }), async (input) => {
      const voucher = await vouchers.void(input.id);
      return { reply: `Voucher ${voucher.id} is void.`, data: { voucher } };
    }),
  };
}

/** The tool that a message asks for, and the message's words for it; nothing where it asks for none. */
export function askedFor(tools: Record<string, Tool>, message: string): { tool: Tool; input: Record<string, string> } | undefined {
  for (const tool of Object.values(tools)) {
    const found = tool.phrase.exec(message.trim());
    if (found) return { tool, input: { ...found.groups } };
  }
}
