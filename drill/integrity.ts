/** The plan's integrity queries, as a drill asks them before a level pulls its levers and after it. */

import { hasTables } from "../components/database/checks.ts";
import type { Plan, Query } from "../components/plan/plan.ts";
import type { Finding, ProbeResult } from "../probes/context.ts";
import { now } from "../probes/request.ts";

/** The rows that a query answers, one a line; what it changes, were it to change something, is not kept. */
export type Ask = (sql: string) => Promise<string[]>;

/** Those with an answer to expect, and those whose rows must stay as they are. */
export class IntegrityQueries {
  readonly #plan: Pick<Plan, "queries" | "database">;
  readonly #ask: Ask;
  /** By query. */
  readonly #before = new Map<Query, string[]>();

  constructor(plan: Pick<Plan, "queries" | "database">, ask: Ask) {
    this.#plan = plan;
    this.#ask = ask;
  }

  /** @param revision that the database has now. */
  before(revision: string): Promise<ProbeResult[]> {
    return this.#askAll(revision, (query, rows) => {
      this.#before.set(query, rows);
      return query.expect === undefined
        ? { expected: "rows to keep", found: `${rows.length}`, passed: true }
        : asExpected(query.expect, rows);
    });
  }

  /** What is to be kept was answered by {@link before}. */
  after(revision: string): Promise<ProbeResult[]> {
    return this.#askAll(revision, (query, rows) =>
      query.expect === undefined ? asBefore(this.#before.get(query) ?? [], rows) : asExpected(query.expect, rows),
    );
  }

  async #askAll(revision: string, judge: (query: Query, rows: string[]) => Finding): Promise<ProbeResult[]> {
    const results: ProbeResult[] = [];
    for (const query of Object.values(this.#plan.queries)) {
      const asked = query.kind === "integrity" && (query.expect !== undefined || query.kept) && hasTables(this.#plan, query, revision);
      if (!asked) continue;
      const startedAt = now();
      const finding = judge(query, await this.#ask(query.sql));
      results.push({ name: query.title, ...finding, startedAt, endedAt: now() });
    }
    return results;
  }
}

function asExpected(expect: number, rows: readonly string[]): Finding {
  const found = rows.join(", ");
  return { expected: `${expect}`, found, passed: found === `${expect}` };
}

/** Rows are not quoted: they are of the system's users. */
function asBefore(before: readonly string[], after: readonly string[]): Finding {
  const left = new Map<string, number>();
  for (const row of after) left.set(row, (left.get(row) ?? 0) + 1);
  const lost = before.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count < 1;
  });
  const found = lost.length === 0 ? `all of them, among ${after.length}` : `${lost.length} gone or changed`;
  return { expected: `the ${before.length} rows of before, as they were`, found, passed: lost.length === 0 };
}
