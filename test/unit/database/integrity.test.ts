import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checksFor } from "../../../components/database/checks.ts";
import type { Query } from "../../../components/plan/plan.ts";
import type { VerificationOrder } from "../../../components/verificationOrder.ts";
import { connect } from "../../../demo/database/connection.ts";
import { migrations } from "../../../demo/database/migrations/index.ts";
import { createMigrator } from "../../../demo/database/migrator.ts";
import { Server } from "../../../operations/database/server.ts";
import { verify } from "../../../operations/verify/verify.ts";
import type { PodReader } from "../../../probes/context.ts";
import chat from "../../../stacks/chat.ts";
import { type Postgresql, query, startPostgresql } from "./postgresql.ts";

let postgresql: Postgresql;
let count = 0;
let url: string;
let server: Server;

beforeAll(async () => {
  postgresql = await startPostgresql();
});

afterAll(() => postgresql.stop());

beforeEach(async () => {
  url = await postgresql.create(`chat${++count}`);
  const db = connect<unknown>({ url, connections: 1 });
  await createMigrator(db, migrations.chat).to("0001");
  await db.destroy();
  server = new Server({ url });
});

const kube: PodReader = { pods: async () => [], logs: async () => "" };
const checks = checksFor(chat, "0001");

async function verified({ checks: of = checks, patience = 0, timeoutSeconds = 30 } = {}) {
  const lines: string[] = [];
  const order: VerificationOrder = {
    url: "http://chat",
    container: "chat",
    requestTimeoutSeconds: 5,
    patienceSeconds: { requests: patience, cluster: patience },
    leverValues: {},
    probes: [{ type: "pods", title: "no canary", selector: "app=chat", count: 0 }],
    integrity: { checks: of, timeoutSeconds },
  };
  return { passed: await verify(order, kube, (line) => lines.push(line), { server }), lines };
}

const user = (used: number) => query(url, `INSERT INTO "User" (id, email, "requestsToday") VALUES ('u${used}', 'e', '${used}')`);

describe("C5: the data of an update", () => {
  test("are asked after its probes, and told as they are", async () => {
    await user(10);
    expect(await verified()).toEqual({ passed: true, lines: [expect.any(String), "✔ No more anomalies: expected 0; found 0"] });
  });

  test("fail its verification when they are not as expected, with the repair's command", async () => {
    await user(-3);
    await user(2000);
    const { passed, lines } = await verified();
    expect(passed).toBe(false);
    expect(lines.at(-1)).toBe(
      "✘ No more anomalies: expected 0; found 2; this tries what puts it right, and changes nothing yet\n" +
        "    mend it with: rollback data repair reset cap",
    );
  });

  test("of which only a script knows the way back, name its dry run", async () => {
    await user(-3);
    const { script } = checks.repairs;
    const { lines } = await verified({ checks: { ...checks, repairs: script ? { script } : {} } });
    expect(lines.at(-1)).toMatch(/\n {4}mend it with: npx tsx scripts\/fix-usage-counters\.ts --dry-run$/);
  });

  test("are asked again while their database is not there", async () => {
    const asked = verified({ patience: 60 });
    await postgresql.restart();
    expect(await asked).toMatchObject({ passed: true });
  });

  test("fail it where their database cannot be asked at all", async () => {
    await query(url, `DROP TABLE "User" CASCADE`);
    expect((await verified()).lines.at(-1)).toBe(
      '✘ No more anomalies: expected 0; found cannot be asked: relation "User" does not exist; a check is one SELECT, and reads only',
    );
    server = new Server({ url: url.replace("/chat", "/nowhere") });
    expect((await verified()).lines.at(-1)).toMatch(/^✘ No more anomalies: expected 0; found database "nowhere\d+" does not exist$/);
  });

  test("hold nobody up: a question that takes too long is given up", async () => {
    const slow: Query = { title: "Slow", kind: "integrity", rows: [], kept: false, sql: "SELECT 0 FROM pg_sleep(60)", expect: 0 };
    expect((await verified({ checks: { queries: { slow }, repairs: {} }, timeoutSeconds: 1 })).lines.at(-1)).toMatch(
      /^✘ Slow: expected 0; found cannot be asked: canceling statement due to statement timeout/,
    );
  });

  test("are only read", async () => {
    const writes: Query = { title: "Writes", kind: "integrity", rows: [], kept: false, sql: `DELETE FROM "User" RETURNING 0`, expect: 0 };
    await user(1);
    expect((await verified({ checks: { queries: { writes }, repairs: {} } })).passed).toBe(false);
    expect(await query(url, `SELECT count(*)::int FROM "User"`)).toEqual([{ count: 1 }]);
  });
});
