import { expect, test } from "vitest";
import { type Found, lossLine, problemsOf, type Restoration } from "../../drill/restoration.ts";
import { choosing, deployed, deployment, restoresBackup } from "../../drill/restore.ts";
import mindmend from "../../stacks/mindmend.ts";
import wabot from "../../stacks/wabot.ts";

const at = (second: number): string => new Date(Date.UTC(2026, 10, 21, 12) + second * 1000).toISOString();
/** Asked for in a second, and answered half a second later. */
const row = (id: string, second: number) => ({ id, startedAt: Date.parse(at(second)), endedAt: Date.parse(at(second)) + 500 });

const backup = { file: "b.dump", takenAt: at(10) };
const window = { from: at(10), to: at(20), seconds: 10 };
const told = [row("before", 9), row("during", 9.75), row("lost", 15), row("after", 25)];

function problems(changes: Partial<Found> = {}, missing = 1) {
  const found = { told, there: new Set(["before", "during", "after"]), lost: new Set(["lost"]), table: "messages", ...changes };
  return problemsOf(found, backup, { window, tables: { "public.messages": { missing, differing: 0 } } });
}

test("what was saved after the backup is lost, and nothing else: whatever was in flight while it was taken may be either", () => {
  expect(problems()).toEqual([]);
  expect(problems({ there: new Set(["before", "after"]), lost: new Set(["during", "lost"]) }, 2)).toEqual([]);
});

test("a row of before the backup that is gone is named, and is in no window", () => {
  expect(problems({ there: new Set(["during", "after"]), lost: new Set(["before", "lost"]) }, 2)).toEqual([
    `1 saved rows are gone, though clients were told of them before the backup was taken, at ${backup.takenAt}: before`,
    "1 saved rows are gone, and outside the window that loss says: before",
  ]);
});

test("a row that no database has is named", () => {
  expect(problems({ lost: new Set() }, 0)).toEqual([
    "1 saved rows are gone, and the database of before the restore does not have them either: lost",
  ]);
});

test("a row of after the restore that is gone is outside the window", () => {
  expect(problems({ there: new Set(["before", "during"]), lost: new Set(["lost", "after"]) }, 2)).toEqual([
    "1 saved rows are gone, and outside the window that loss says: after",
  ]);
});

test("a row that the window says is lost and that is there is named: the window is not the one that was", () => {
  expect(problems({ there: new Set(["before", "during", "lost", "after"]), lost: new Set() }, 0)).toEqual([
    "1 saved rows are there, though the window that loss says has them: lost",
  ]);
});

test("loss has to count as many rows as the two databases differ by", () => {
  expect(problems({}, 3)).toEqual(["loss says that 3 rows of messages are missing; 1 are"]);
});

test("the report says the window, what was lost and what came back", () => {
  const restoration: Restoration = {
    backup,
    forensic: { file: "f.dump", takenAt: at(20) },
    window,
    told: 4,
    lost: 1,
    table: "messages",
    lostOfTable: 2,
    recovered: 2,
    problems: [],
  };
  expect(lossLine(restoration)).toBe(
    "Restored from `b.dump` of 2026-11-21T12:00:10.000Z. Data-loss window: from 2026-11-21T12:00:10.000Z to 2026-11-21T12:00:20.000Z (10.0 s). " +
      "Lost: 1 of 4 rows that clients were told of, among 2 of `messages`. Recovered: 2 of those 2.",
  );
});

test("a level that restores takes a release and a revision back, which are deployed before it, and gets the backup in place of the example", () => {
  const level = wabot.levels.database as NonNullable<typeof wabot.levels.database>;
  expect(restoresBackup(level)).toBe(true);
  expect(restoresBackup(mindmend.levels.database as typeof level)).toBe(false);
  expect(deployed(level)).toEqual([
    { path: "stable.image", sameAs: "previous.image" },
    { path: "database.revision", value: "0001" },
  ]);
  const before = [
    { path: "maintenance", value: false },
    { path: "stable.image", value: "app@sha256:2" },
    { path: "database.revision", value: "0002" },
    { path: "database.restore", value: undefined },
  ];
  expect(deployment(level, before)).toEqual(before.slice(1, 3));
  const restores = choosing(level, backup).steps.flatMap(({ levers }) => levers.filter(({ path }) => path === "database.restore"));
  expect(restores).toEqual([
    { path: "database.restore", value: "b.dump", chosen: "backup" },
    { path: "database.restore", remove: true },
  ]);
});
