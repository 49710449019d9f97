import type { Problem } from "../levers/errors.ts";
import type { Guard } from "./guard.ts";

export const changeFreeze: Guard = {
  name: "change-freeze",
  description: "Nothing new is rolled out while the stack's freezes say so.",
  why: "W6, M11: changes are made in periods of low traffic, while those who could mend them are there",
  severity: "medium",
  slowsRollouts: true,
  check({ levers, now }) {
    const found = levers.freezes.flatMap(({ from, until, reason }, index): Problem[] => {
      if (now < new Date(from) || now >= new Date(until)) return [];
      const path = `freezes[${index}]`;
      return [{ path, message: `nothing new is rolled out until ${until}: ${reason}`, command: `pulumi config rm --path '${path}'` }];
    });
    // The last one first: a command that removes an entry then leaves the numbers of those before it as they are.
    return found.reverse();
  },
};
