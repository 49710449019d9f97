/** How long a message's id is remembered (row E9): longer than a channel goes on sending it again. */
export const rememberedMs = 3_600_000;

/** Whether a message came before; from then on it did. In memory: each pod knows what it has seen itself. */
export function createSeenMessages(now: () => number = Date.now): (id: string) => boolean {
  const seenAt = new Map<string, number>();
  return (id) => {
    const time = now();
    // The oldest come first, since a map keeps the order in which entries were made.
    for (const [other, at] of seenAt) {
      if (at > time - rememberedMs) break;
      seenAt.delete(other);
    }
    if (seenAt.has(id)) return true;
    seenAt.set(id, time);
    return false;
  };
}
