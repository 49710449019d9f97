import { ageOf, decideMove, type Way } from "../database/move.ts";
import type { Plan } from "../plan/plan.ts";
import type { Guard } from "./guard.ts";

export const oneWayMigration: Guard = {
  name: "one-way-migration",
  description: "A database goes down only where each migration on the way can be undone; below any other there are only earlier backups.",
  why: "M5: a downgrade is refused where there is none to undo",
  severity: "critical",
  slowsRollouts: false,
  keepsData: true,
  check({ plan, levers, last }) {
    const move = decideMove({ plan, levers, last: last?.database });
    if (!last?.database || !levers.database || !move || move.isOver || move.run.way !== ("down" satisfies Way)) return [];
    const { revision: from } = last.database.attempted ?? last.database;
    const { revision: to } = levers.database;
    const found = oneWayBetween(plan, to, from);
    if (found.length === 0) return [];
    const message = `down to ${to} from ${from}, and ${found.join(", ")} cannot be undone; expected ${from}, or a backup of before (database.restore)`;
    return [{ path: "database.revision", message, command: `pulumi config set --path database.revision ${from}` }];
  },
};

/** The revisions above one, up to another, that cannot be undone: `0003 "Names in one column"`. */
export function oneWayBetween({ database }: Plan, below: string, above: string): string[] {
  if (!database) return [];
  const between = database.revisions.slice(ageOf(database, below) + 1, ageOf(database, above) + 1);
  return between.filter(({ oneWay }) => oneWay).map(({ name, title }) => `${name} "${title}"`);
}
