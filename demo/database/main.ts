/** `migrate current`, `migrate to REVISION`, `migrate latest`: the demo's own migration command, as Flask-Migrate or Django bring one. */

import { createLog } from "../service/logging.ts";
import { connect } from "./connection.ts";
import { migrations, type System, systems } from "./migrations/index.ts";
import { createMigrator, MigrationError } from "./migrator.ts";

const usage = "migrate current | to REVISION | latest";

/** @returns what is printed. */
async function migrate([command, revision]: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { DATABASE_URL: url, DATABASE_PASSWORD_FILE: passwordFile, DATABASE_TABLES: system } = env;
  if (!url) throw new MigrationError("DATABASE_URL is not set");
  if (!systems.includes(system as System)) {
    throw new MigrationError(`DATABASE_TABLES: ${JSON.stringify(system)} is no system; expected ${systems.join(", ")}`);
  }
  const db = connect<unknown>({ url, passwordFile, connections: 2 });
  try {
    const migrator = createMigrator(db, migrations[system as System]);
    if (command === "to" && revision !== undefined) await migrator.to(revision);
    else if (command === "latest") await migrator.to(migrator.latest);
    else if (command !== "current") throw new MigrationError(`expected ${usage}`);
    return await migrator.current();
  } finally {
    await db.destroy();
  }
}

try {
  console.log(await migrate(process.argv.slice(2), process.env));
} catch (error) {
  createLog({})("ERROR", `migrate: ${(error as Error).message}`);
  process.exitCode = 1;
}
