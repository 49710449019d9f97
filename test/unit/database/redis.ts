import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheClient } from "../../../operations/cache/connection.ts";
import { storesDir } from "../../../tools/setup/parts/stores.ts";
import { programEnvironment } from "./postgresql.ts";

export interface Redis {
  /** Variables by which the demo finds it. */
  env: { REDIS_URL: string; REDIS_PASSWORD_FILE: string };
  stop(): Promise<void>;
}

/** A real Redis on a port of this machine alone, with a password, which keeps nothing. */
export async function startRedis(): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), "redis-"));
  const [config, passwordFile] = [join(folder, "redis.conf"), join(folder, "password")];
  const port = await freePort();
  const lines = [`port ${port}`, "bind 127.0.0.1", "requirepass cache-4711", "save ''", `dir ${folder}`];
  writeFileSync(config, `${lines.join("\n")}\n`);
  writeFileSync(passwordFile, "cache-4711\n");
  const server = spawn(join(storesDir, "usr/bin/redis-server"), [config], { env: programEnvironment(), stdio: "ignore" });
  const env = { REDIS_URL: `redis://127.0.0.1:${port}/0`, REDIS_PASSWORD_FILE: passwordFile };
  while (!(await answers({ url: env.REDIS_URL, passwordFile }))) {
    if (server.exitCode !== null) throw new Error(`Redis ended with ${server.exitCode}`);
    await sleep(20);
  }
  return {
    env,
    async stop() {
      server.kill();
      if (server.exitCode === null) await once(server, "exit");
      rmSync(folder, { recursive: true });
    },
  };
}

async function answers(connection: Parameters<typeof cacheClient>[0]): Promise<boolean> {
  const client = cacheClient(connection);
  const answered = await client.connect().then(
    () => true,
    () => false,
  );
  client.destroy();
  return answered;
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}
