import { setTimeout as sleep } from "node:timers/promises";
import type { VerificationOrder } from "../../components/verificationOrder.ts";
import type { ProbeResult } from "../../probes/context.ts";
import { now, reason } from "../../probes/request.ts";
import { type CacheConnection, cacheClient } from "../cache/connection.ts";

/**
 * Asks a system's cache whether it is there (row M7), signed in as the app is. One that does not answer, as while it starts, is asked again.
 * @param until milliseconds since the epoch.
 */
export async function askCache(
  { timeoutSeconds }: NonNullable<VerificationOrder["cache"]>,
  connection: CacheConnection,
  until: number,
): Promise<ProbeResult> {
  for (;;) {
    const startedAt = now();
    const found = await ping(connection, timeoutSeconds).catch(reason);
    const passed = found === pong;
    if (passed || now() >= until) return { name: "the cache answers", expected: pong, found, passed, startedAt, endedAt: now() };
    await sleep(250);
  }
}

const pong = "PONG";

async function ping(connection: CacheConnection, timeoutSeconds: number): Promise<string> {
  const client = cacheClient(connection);
  const answer = client.connect().then(() => client.ping());
  // The client itself would try again and again.
  const failure = new Promise<never>((_, reject) => client.once("error", reject));
  const late = sleep(timeoutSeconds * 1000, `no answer for ${timeoutSeconds} s`, { ref: false });
  try {
    return await Promise.race([answer, failure, late]);
  } finally {
    client.destroy();
  }
}
