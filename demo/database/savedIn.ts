import type { System } from "./migrations/index.ts";

/** The table of the rows whose ids clients are told (`saved` in an answer), by `id`. */
export const savedIn: Record<System, string> = {
  chat: "Message",
  easymo: "messages",
  mindmend: "sessions",
  wabot: "messaging_message",
  watibot: "conversations",
};
