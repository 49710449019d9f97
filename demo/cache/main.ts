/**
 * `redis-cli COMMAND [ARGUMENT…]`: sends one command to the cache that REDIS_URL and REDIS_PASSWORD_FILE name, and prints the reply. What
 * a task of a plan empties the cache with, without a password in its arguments.
 */

import { cacheClient } from "../../operations/cache/connection.ts";
import { createLog } from "../service/logging.ts";

async function send([...words]: string[], { REDIS_URL: url, REDIS_PASSWORD_FILE: passwordFile }: NodeJS.ProcessEnv): Promise<string> {
  const asked = words.join(" ");
  // As the other tools of the demo's image, which stand in for a system's own.
  if (!url) return `Done: redis-cli ${asked}, on no cache: REDIS_URL is not set`;
  if (words.length === 0) throw new Error("expected redis-cli COMMAND [ARGUMENT…]");
  const client = cacheClient({ url, passwordFile });
  try {
    await client.connect();
    return `Done: redis-cli ${asked}: ${await client.sendCommand(words)}`;
  } finally {
    client.destroy();
  }
}

const log = createLog({ version: process.env.APP_VERSION ?? "development" });
try {
  log("INFO", await send(process.argv.slice(2), process.env));
} catch (error) {
  log("ERROR", `redis-cli: ${(error as Error).message}`);
  process.exitCode = 1;
}
