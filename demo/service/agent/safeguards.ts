import { createCallLimit } from "./callLimit.ts";
import { createSeenMessages } from "./seenMessages.ts";

/** Why a message is not handled, and what its sender is told. */
export interface Refusal {
  status: "ignored" | "limited";
  reason: string;
  reply?: string;
}

/** What keeps a message from being handled twice, and a customer from asking without end; a message without id or sender passes. */
export function createSafeguards(now: () => number = Date.now) {
  const seen = createSeenMessages(now);
  const allowed = createCallLimit(now);
  return ({ id, from }: { id?: string | undefined; from?: string | undefined }): Refusal | undefined => {
    if (id !== undefined && seen(id)) return { status: "ignored", reason: "duplicate message" };
    if (from === undefined || allowed(from)) return undefined;
    return { status: "limited", reason: "too many calls", reply: "That was a lot at once. Please try again in a minute." };
  };
}
