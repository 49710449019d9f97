import { expect, test } from "vitest";
import type { Plan } from "../../components/plan/plan.ts";
import { IntegrityQueries } from "../../drill/integrity.ts";
import chat from "../../stacks/chat.ts";
import watibot from "../../stacks/watibot.ts";

/** What is asked of a database that answers so, by the SQL. */
const asking = (queries: Plan["queries"], answers: Map<string, string[]>) =>
  new IntegrityQueries(queries, async (sql) => answers.get(sql) ?? []);

const verdicts = (results: { name: string; found: string; passed: boolean | null }[]) =>
  results.map(({ name, found, passed }) => [name, found, passed]);

test("C5: after any level there must be no more anomalies in the usage counters; what a person reads is not asked", async () => {
  const answers = new Map([[chat.queries.anomalies?.sql ?? "", ["0"]]]);
  const integrity = asking(chat.queries, answers);
  expect(verdicts(await integrity.before())).toEqual([["No more anomalies", "0", true]]);
  answers.set(chat.queries.anomalies?.sql ?? "", ["2"]);
  expect(verdicts(await integrity.after())).toEqual([["No more anomalies", "2", false]]);
});

test("W5: every conversation of before is there by its thread, and every session of Vertex AI is kept, as it was", async () => {
  const { threads, sessions, withoutThread } = watibot.queries;
  const answers = new Map([
    [threads?.sql ?? "", ["t1|+1|10:00", "t2|+1|10:01", "t2|+1|10:01"]],
    [sessions?.sql ?? "", ["s1|1|10:00"]],
    [withoutThread?.sql ?? "", ["0"]],
  ]);
  const integrity = asking(watibot.queries, answers);
  expect((await integrity.before()).map(({ passed }) => passed)).toEqual([true, true, true]);
  answers.set(threads?.sql ?? "", ["t3|+1|10:02", "t2|+1|10:01", "t2|+1|10:01", "t1|+1|10:00"]);
  expect(verdicts(await integrity.after())).toEqual([
    ["Conversations by the thread of before", "all of them, among 4", true],
    ["Sessions of Vertex AI, kept for another migration", "all of them, among 1", true],
    ["Conversations without a thread", "0", true],
  ]);
});

test("W5: a thread that was touched, one of two rows that is gone, and a session that was emptied fail the level, without a word of what they say", async () => {
  const { threads, sessions } = watibot.queries;
  const answers = new Map([
    [threads?.sql ?? "", ["t1|+1|10:00", "t2|+1|10:01", "t2|+1|10:01"]],
    [sessions?.sql ?? "", ["s1|1|10:00"]],
  ]);
  const integrity = asking(watibot.queries, answers);
  await integrity.before();
  answers.set(threads?.sql ?? "", ["t9|+1|10:00", "t2|+1|10:01"]);
  answers.set(sessions?.sql ?? "", []);
  expect(verdicts(await integrity.after()).slice(0, 2)).toEqual([
    ["Conversations by the thread of before", "2 gone or changed", false],
    ["Sessions of Vertex AI, kept for another migration", "1 gone or changed", false],
  ]);
});
