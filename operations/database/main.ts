/**
 * `database backup FOLDER`, `database verify FILE`: the steps on a database that a Job of a stack takes, with PostgreSQL's programs
 * beside it. The last line of what it prints is the backup's evidence. Exits with 1 where a step fails.
 */

import { backUp, type Evidence, verifyBackup } from "./backup.ts";
import { DatabaseError } from "./errors.ts";
import { Server } from "./server.ts";

// The first process of a container ignores signals that it does not handle.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(1));

const steps: Record<string, (server: Server, path: string) => Promise<Evidence>> = { backup: backUp, verify: verifyBackup };

async function take([step = "", path]: string[], { DATABASE_URL: url = "", DATABASE_PASSWORD_FILE: passwordFile }: NodeJS.ProcessEnv) {
  const run = steps[step];
  if (!run || path === undefined) throw new DatabaseError("expected database backup FOLDER | verify FILE");
  const server = new Server({ url, passwordFile });
  try {
    return await run(server, path);
  } finally {
    server.close();
  }
}

try {
  console.log(JSON.stringify(await take(process.argv.slice(2), process.env)));
} catch (error) {
  console.error(`database: ${(error as Error).message}`);
  process.exitCode = 1;
}
