import { ConfigError } from "../config.ts";

/** The agent's functions that can be run on their own: its tools and its webhooks. */
export const functionNames = [
  "ai-lookup-customer",
  "ai-create-voucher",
  "ai-redeem-voucher",
  "ai-void-voucher",
  "ai-whatsapp-webhook",
  "ai-realtime-webhook",
] as const;
export type FunctionName = (typeof functionNames)[number];

/**
 * The function that the program was told to be; none where it was told nothing.
 * @throws ConfigError on what is no function's name.
 */
export function functionFrom(argument: string | undefined): FunctionName | undefined {
  const name = functionNames.find((known) => known === argument);
  if (argument === undefined || name) return name;
  throw new ConfigError([`${JSON.stringify(argument)} is not a function; expected one of ${functionNames.join(", ")}`]);
}
