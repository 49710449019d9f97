import { setTimeout as sleep } from "node:timers/promises";
import type { Checks } from "../../components/database/checks.ts";
import type { VerificationOrder } from "../../components/verificationOrder.ts";
import type { Finding, ProbeResult } from "../../probes/context.ts";
import { now, reason } from "../../probes/request.ts";
import { type Answer, ask } from "../database/ask.ts";
import { countIn, isExpected, reading, remedy } from "../database/check.ts";
import type { Server } from "../database/server.ts";

type Integrity = NonNullable<VerificationOrder["integrity"]>;

/**
 * Asks a plan's integrity queries (rows B12, C5, W5), all of one moment, in a transaction that can only read. Those that are not answered as
 * expected, as while a database starts, are asked again.
 * @param until milliseconds since the epoch.
 */
export async function askIntegrity(integrity: Integrity, server: Server, until: number): Promise<ProbeResult[]> {
  for (;;) {
    const results = await askOnce(integrity, server);
    if (results.every(({ passed }) => passed) || now() >= until) return results;
    await sleep(250);
  }
}

async function askOnce({ checks, timeoutSeconds }: Integrity, server: Server): Promise<ProbeResult[]> {
  const asked = Object.entries(checks.queries);
  const startedAt = now();
  const resultOf = ([, { title }]: (typeof asked)[number], finding: Finding) => ({ name: title, ...finding, startedAt, endedAt: now() });
  try {
    return await server.session(server.database, (client) =>
      reading(client, async () => {
        await client.query(`SET LOCAL statement_timeout = '${timeoutSeconds}s'`);
        const results: ProbeResult[] = [];
        for (const each of asked) results.push(resultOf(each, findingOf(each, await ask(client, each[1].sql), checks)));
        return results;
      }),
    );
  } catch (error) {
    return asked.map((each) => resultOf(each, { expected: `${each[1].expect}`, found: reason(error), passed: false }));
  }
}

function findingOf([name, { expect }]: [string, Checks["queries"][string]], answer: Answer | string, { repairs }: Checks): Finding {
  const expected = `${expect}`;
  const counted = countIn(answer);
  if (typeof counted === "string") return { expected, found: counted, passed: false };
  const passed = isExpected(expect, counted);
  return { expected, found: passed ? counted.count : `${counted.count}${remedy(name, repairs)}`, passed };
}
