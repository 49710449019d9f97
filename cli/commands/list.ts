import { status } from "./status.ts";

/** Every command, as `rollback --help` lists them. A new one is a file beside this one and a line here. */
export const commands = { status };
