import type { DatabaseState } from "../../../components/database/move.ts";
import type { Change } from "../../../components/guards/change.ts";
import type { Plan } from "../../../components/plan/plan.ts";
import { image, level, type Sets, shop, shopWith, type Update, updateOf } from "./shop.ts";

/** A shop with a database of three revisions. */
export const shopWithDatabase = (oneWay: readonly string[] = []): Plan =>
  shopWith({
    maintenance: { title: "Back soon", text: "We are at work." },
    database: {
      engine: "postgresql",
      env: { url: "DATABASE_URL", passwordFile: "DATABASE_PASSWORD_FILE" },
      revisions: ["0001", "0002", "0003"].map((name) => ({ name, title: `Revision ${name}`, oneWay: oneWay.includes(name) })),
      commands: { current: ["migrate", "current"], to: ["migrate", "to", "{revision}"] },
      managed: { backup: ["provider", "back-up"], restore: ["provider", "restore"] },
    },
    levels: { ...shop.levels, database: level({ path: "database.revision", value: "0001" }) },
  });

export const databaseAt = (revision: string, more: Sets = {}): Sets => ({
  "verification.image": image("9"),
  database: {
    revision,
    image: image("d"),
    url: "postgresql://app@postgresql:5432/app",
    passwordSecret: { name: "stores", key: "password" },
    backups: "backups",
    ...more,
  },
});

/** What a verified update left that brought the database to a revision. */
export const stateAt = (revision: string, more: Partial<DatabaseState> = {}): DatabaseState => ({
  revision,
  run: { number: 1, way: "adopt", revision },
  image: image("a"),
  ...more,
});

/** An update of the shop whose database had a revision. */
export function databaseUpdate(from: Partial<DatabaseState> & { revision: string }, sets: Sets, more: Update = {}): Change {
  const change = updateOf({ plan: shopWithDatabase(), verified: [databaseAt("0003")], ...more, sets });
  return change.last ? { ...change, last: { ...change.last, database: stateAt(from.revision, from) } } : change;
}
