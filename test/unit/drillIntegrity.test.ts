import { expect, test } from "vitest";
import type { Plan } from "../../components/plan/plan.ts";
import { IntegrityQueries } from "../../drill/integrity.ts";
import chat from "../../stacks/chat.ts";
import wabot from "../../stacks/wabot.ts";
import watibot from "../../stacks/watibot.ts";

/** What is asked of a database that answers so, by the SQL. */
const asking = (plan: Plan, answers: Map<string, string[]>) => new IntegrityQueries(plan, async (sql) => answers.get(sql) ?? []);

const verdicts = (results: { name: string; found: string; passed: boolean | null }[]) =>
  results.map(({ name, found, passed }) => [name, found, passed]);

test("C5: after any level there must be no more anomalies in the usage counters; what a person reads is not asked", async () => {
  const answers = new Map([[chat.queries.anomalies?.sql ?? "", ["0"]]]);
  const integrity = asking(chat, answers);
  expect(verdicts(await integrity.before("0002"))).toEqual([["No more anomalies", "0", true]]);
  answers.set(chat.queries.anomalies?.sql ?? "", ["2"]);
  expect(verdicts(await integrity.after("0002"))).toEqual([["No more anomalies", "2", false]]);
});

test("W5: every conversation of before is there by its thread, and every session of Vertex AI is kept, as it was", async () => {
  const { threads, sessions, conversationsWithoutThread } = watibot.queries;
  const answers = new Map([
    [threads?.sql ?? "", ["t1|+1|10:00", "t2|+1|10:01", "t2|+1|10:01"]],
    [sessions?.sql ?? "", ["s1|1|10:00"]],
    [conversationsWithoutThread?.sql ?? "", ["0"]],
  ]);
  const integrity = asking(watibot, answers);
  expect((await integrity.before("0002")).map(({ passed }) => passed)).toEqual([true, true, true]);
  answers.set(threads?.sql ?? "", ["t3|+1|10:02", "t2|+1|10:01", "t2|+1|10:01", "t1|+1|10:00"]);
  expect(verdicts(await integrity.after("0002"))).toEqual([
    ["Conversations by the thread of before", "all of them, among 4", true],
    ["Conversations without the thread by which they are found", "0", true],
    ["Vertex AI's sessions, kept for going there again", "all of them, among 1", true],
  ]);
});

test("W5: a thread that was touched, one of two rows that is gone, and a session that was emptied fail the level, without a word of what they say", async () => {
  const { threads, sessions, conversationsWithoutThread } = watibot.queries;
  const answers = new Map([
    [threads?.sql ?? "", ["t1|+1|10:00", "t2|+1|10:01", "t2|+1|10:01"]],
    [sessions?.sql ?? "", ["s1|1|10:00"]],
  ]);
  const integrity = asking(watibot, answers);
  await integrity.before("0002");
  answers.set(threads?.sql ?? "", ["t9|+1|10:00", "t2|+1|10:01"]);
  answers.set(sessions?.sql ?? "", []);
  expect(verdicts(await integrity.after("0002")).filter(([name]) => name !== conversationsWithoutThread?.title)).toEqual([
    ["Conversations by the thread of before", "2 gone or changed", false],
    ["Vertex AI's sessions, kept for going there again", "1 gone or changed", false],
  ]);
});

test("B12: what a revision has no tables for is not asked of it", async () => {
  const answers = new Map(Object.values(wabot.queries).map(({ sql }) => [sql, ["0"]]));
  const integrity = asking(wabot, answers);
  expect((await integrity.before("0002")).map(({ name }) => name)).toEqual([
    "Harmonizations without their messages",
    "Reference contexts without items",
    "Reference contexts without a conversation",
  ]);
  expect(await integrity.after("0001")).toEqual([]);
});
