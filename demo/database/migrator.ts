import type { Kysely } from "kysely";
import { type Migration, Migrator, NO_MIGRATIONS } from "kysely/migration";

/** Where a database says which revisions it has. */
export const migrationTable = "kysely_migration";

/** Before the first revision. */
export const nothing = "none";

/** A revision that cannot be gone to, or one whose migration failed; the database is as it was. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

/** The revisions of one database, and the ways between them. Each way is one transaction, alone by Kysely's advisory lock. */
export function createMigrator(db: Kysely<unknown>, migrations: Record<string, Migration>) {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations }, migrationTableName: migrationTable });
  const revisions = Object.keys(migrations).sort();

  return {
    /** The newest revision that the database has; `none` before the first. */
    async current(): Promise<string> {
      const done = (await migrator.getMigrations()).filter(({ executedAt }) => executedAt !== undefined);
      return done.at(-1)?.name ?? nothing;
    },
    /**
     * Goes up or down to a revision, or to none.
     * @throws MigrationError
     */
    async to(revision: string): Promise<void> {
      if (revision !== nothing && !revisions.includes(revision)) {
        throw new MigrationError(`there is no revision ${JSON.stringify(revision)}; expected ${[nothing, ...revisions].join(", ")}`);
      }
      const { error, results = [] } = await migrator.migrateTo(revision === nothing ? NO_MIGRATIONS : revision);
      if (error === undefined) return;
      const failed = results.find(({ status }) => status === "Error");
      const which = failed ? `${failed.migrationName} ${failed.direction.toLowerCase()}: ` : "";
      throw new MigrationError(`${which}${error instanceof Error ? error.message : error}; the database is as it was`);
    },
    latest: revisions.at(-1) ?? nothing,
  };
}
