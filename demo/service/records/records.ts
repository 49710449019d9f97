import { connect } from "../../database/connection.ts";
import type { System } from "../../database/migrations/index.ts";
import type { Vouchers } from "../agent/vouchers.ts";
import type { Config } from "../config.ts";
import { chatRecords } from "./chat.ts";
import { easymoRecords } from "./easymo.ts";
import { mindmendRecords } from "./mindmend.ts";
import { wabotRecords } from "./wabot.ts";
import { watibotRecords } from "./watibot.ts";

/** What a client was answered, and what for. */
export interface Exchange {
  /** The user, customer or patient; nobody in particular unless given. */
  from?: string | undefined;
  tenant?: string | undefined;
  message: string;
  answer: string;
  /** The model that answered; none where one of the agent's tools did. */
  model?: string | undefined;
  milliseconds: number;
}

/** The rows that requests leave in the system's database. */
export interface Records {
  /**
   * Saves an exchange before its client is answered.
   * @returns the id of its row, for the client to ask for later.
   */
  save(exchange: Exchange): Promise<string>;
  /** Where the system has vouchers. */
  vouchers?: Vouchers;
}

/** Who sends messages without saying so. */
export const nobody = "nobody@example.com";

/** As one of the five systems saves them, in the tables of the newest revision that this release knows. */
export function openRecords(config: NonNullable<Config["database"]>, provider: Config["provider"]["name"]): Records {
  const { tables, revision, ...connection } = config;
  const make: Record<System, () => Records> = {
    chat: () => chatRecords(connect(connection)),
    easymo: () => easymoRecords(connect(connection)),
    mindmend: () => mindmendRecords(connect(connection), { gemini: revision >= 2 }),
    wabot: () => wabotRecords(connect(connection), { enhancements: revision >= 2 }),
    watibot: () => watibotRecords(connect(connection), { vertex: revision >= 2 && provider === "vertex" }),
  };
  return make[tables]();
}
