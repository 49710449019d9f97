import type { Migration } from "kysely/migration";
import { chat } from "./chat.ts";
import { easymo } from "./easymo.ts";
import { mindmend } from "./mindmend.ts";
import { wabot } from "./wabot.ts";
import { watibot } from "./watibot.ts";

/** System → its revisions, the first one first. */
export const migrations = { chat, easymo, mindmend, wabot, watibot } satisfies Record<string, Record<string, Migration>>;

export type System = keyof typeof migrations;
export const systems = Object.keys(migrations) as System[];
