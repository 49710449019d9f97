import { expect, it } from "vitest";
import { databaseOf } from "../../../cli/status/database.ts";
import type { DatabaseRun } from "../../../components/database/move.ts";
import { marksOf } from "../../../components/database/ran.ts";
import type { ReleaseRecord } from "../../../components/releaseRecord.ts";
import mindmend from "../../../stacks/mindmend.ts";

const run: DatabaseRun = { number: 2, way: "down", revision: "0001" };
const backup = { file: "2026-11-21T12-00-01-000Z-30c25e633508.dump", bytes: 77_210, restoredAt: "2026-11-21T12:00:03.000Z", rows: {} };
const record = (more: object = {}) => ({ database: { revision: "0001", run, image: "app", ...more } }) as unknown as ReleaseRecord;
const change = (of: DatabaseRun) => ({
  type: "kubernetes:core/v1:ConfigMap",
  urn: "urn",
  outputs: { metadata: marksOf("change", of) },
});

it("status says which revision the database has, and the newest backup that was proved", () =>
  expect(databaseOf(mindmend, record({ evidence: { backup } }), [change(run)])).toEqual({
    revision: "0001",
    title: mindmend.database?.revisions[0]?.title,
    restored: null,
    attempted: null,
    backup: { file: backup.file, bytes: 77_210, restoredAt: backup.restoredAt },
  }));

it("says what a failed update may have done to it since", () =>
  expect(databaseOf(mindmend, record({ restore: backup.file }), [change({ number: 3, way: "up", revision: "0002" })])).toMatchObject({
    restored: backup.file,
    attempted: { way: "up", revision: "0002" },
    backup: null,
  }));

it("says nothing where no update left one", () => {
  expect(databaseOf(mindmend, undefined, [])).toBeNull();
  expect(databaseOf(mindmend, {} as ReleaseRecord, [])).toBeNull();
});
