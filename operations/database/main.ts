/**
 * `database STEP …`: the steps on a database that a Job of a stack takes, with PostgreSQL's programs beside it. The last line of what a
 * step prints is its result as JSON, every line before is for people. Where it fails, each line of stderr begins with `database: `, the
 * last one says where things stand, and it exits with 1.
 */

import { DatabaseError } from "./errors.ts";
import { publish } from "./publish.ts";
import { Server } from "./server.ts";
import { parse, usage } from "./steps.ts";

// The first process of a container ignores signals that it does not handle.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(1));

async function take(args: string[], { DATABASE_URL: url = "", DATABASE_PASSWORD_FILE: passwordFile }: NodeJS.ProcessEnv): Promise<unknown> {
  const step = parse(args);
  if (step === undefined) throw new DatabaseError(`expected one of\n${usage}`);
  const server = new Server({ url, passwordFile });
  try {
    const result = await step.take(server, (line) => console.log(line));
    await publish(step.name, result, process.env);
    return result;
  } finally {
    server.close();
  }
}

try {
  console.log(JSON.stringify(await take(process.argv.slice(2), process.env)));
} catch (error) {
  const { message, standing = "nothing was changed" } = error as Error & Partial<DatabaseError>;
  for (const line of [...message.split("\n"), standing]) console.error(`database: ${line}`);
  process.exitCode = 1;
}
