import { expect, test } from "vitest";
import type { RequestRecord } from "../../drill/safety.ts";
import { lostRows, SavedRowsBook, toldAndThere } from "../../drill/savedRows.ts";

const answers = (...saved: (string | null)[]) => saved.map((id) => ({ saved: id })) as RequestRecord[];
const databaseOf = (rows: string[]) => async (ids: readonly string[]) => rows.filter((row) => ids.includes(row));

test("every row of every level is looked for, also those that an earlier level saved", async () => {
  const rows = ["a", "b", "c"];
  const book = new SavedRowsBook(databaseOf(rows));
  book.note(answers("a", null, "b"));
  expect(await book.check("the level")).toEqual({ after: "the level", told: 2, missing: [] });
  rows.shift();
  book.note(answers("c"));
  const count = await book.check("the way back");
  expect(count).toEqual({ after: "the way back", told: 3, missing: ["a"] });
  expect(toldAndThere(count)).toBe("3 told, 2 there");
  expect(lostRows(count)).toEqual(["1 of 3 saved rows that clients were told of are not in the database after the way back: a"]);
});

test("one row cannot stand for two answers", async () => {
  const book = new SavedRowsBook(databaseOf(["a"]));
  book.note(answers("a", "a"));
  expect((await book.check("the level")).missing).toEqual(["a"]);
});

test("a drill in which nobody was told of a row proves nothing, and says so", async () => {
  const book = new SavedRowsBook(databaseOf(["a"]));
  book.note(answers(null, null));
  expect(lostRows(await book.check("the level"))).toEqual([
    "no client was told of a saved row until the level was over: that none was lost proves nothing",
  ]);
});

test("where many are missing, ten are named and the rest counted", () => {
  const missing = Array.from({ length: 12 }, (_, index) => `r${index}`);
  expect(lostRows({ after: "the level", told: 100, missing })).toEqual([
    "12 of 100 saved rows that clients were told of are not in the database after the level: " +
      "r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, and 2 more, all in journal.json",
  ]);
});
