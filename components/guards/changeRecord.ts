import type { Problem } from "../levers/errors.ts";
import { changesLevers } from "./direction.ts";
import type { Guard } from "./guard.ts";

const fields = { reason: "<why>", severity: "<low, medium, high or critical>", requestedBy: "<person>" } as const;

export const changeRecord: Guard = {
  name: "change-record",
  description: "On production the stack says what a change is for, how severe it is and who requested it.",
  why: "M11, W10, B11: what was changed, why and by whom is what a review afterwards begins with",
  severity: "medium",
  slowsRollouts: true,
  check(change) {
    const { levers, last } = change;
    if (levers.environment !== "production" || !changesLevers(change)) return [];
    const missing = Object.entries(fields).flatMap(([field, value]): Problem[] => {
      if (levers.change?.[field as keyof typeof fields] !== undefined) return [];
      return [{ path: `change.${field}`, message: "missing", command: `pulumi config set --path change.${field} ${value}` }];
    });
    const { reason } = levers.change ?? {};
    if (reason === undefined || reason !== last?.reason) return missing;
    const message = `"${reason}" is still the reason of the last verified update; expected this one's`;
    return [{ path: "change.reason", message, command: `pulumi config set --path change.reason ${fields.reason}` }, ...missing];
  },
};
