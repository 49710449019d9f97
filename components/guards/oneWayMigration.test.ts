import { describe, expect, it } from "vitest";
import { databaseAt, databaseUpdate, shopWithDatabase } from "../../test/unit/guards/database.ts";
import { found } from "../../test/unit/guards/shop.ts";
import { levelsPossible } from "./levelsPossible.ts";
import { oneWayMigration } from "./oneWayMigration.ts";

const plan = shopWithDatabase(["0002"]);

describe("one-way-migration", () => {
  it("M5: refuses the way down below a migration that cannot be undone", () => {
    expect(found(oneWayMigration, databaseUpdate({ revision: "0003" }, databaseAt("0001"), { plan }))).toEqual([
      'database.revision: down to 0001 from 0003, and 0002 "Revision 0002" cannot be undone; expected 0003, or a backup of before (database.restore) | pulumi config set --path database.revision 0003',
    ]);
  });
  it("lets the database down to it, up over it, and to a backup of before it", () => {
    expect(found(oneWayMigration, databaseUpdate({ revision: "0003" }, databaseAt("0002"), { plan }))).toEqual([]);
    expect(found(oneWayMigration, databaseUpdate({ revision: "0001" }, databaseAt("0003"), { plan }))).toEqual([]);
    const restore = { maintenance: true, ...databaseAt("0001", { restore: "before.dump" }) };
    expect(found(oneWayMigration, databaseUpdate({ revision: "0003" }, restore, { plan }))).toEqual([]);
  });
  it("counts from what a failed update may have led to", () => {
    const attempted = { number: 2, way: "up", revision: "0003" } as const;
    expect(found(oneWayMigration, databaseUpdate({ revision: "0001", attempted }, databaseAt("0001"), { plan }))).toHaveLength(1);
  });
});

describe("levels-possible, of a level that goes down", () => {
  it("M5: refuses a change over a one-way migration, after which the level could not be carried out", () => {
    const verified = [databaseAt("0001")];
    const update = databaseUpdate({ revision: "0001" }, { "database.revision": "0003" }, { plan, verified });
    expect(found(levelsPossible, update)).toEqual([
      'database.revision: level database could not be carried out: it goes down to 0001, and 0002 "Revision 0002" cannot be undone | pulumi config set --path database.revision 0001',
    ]);
  });
  it("refuses a plan that marks one as one-way under the revision that is there", () => {
    expect(found(levelsPossible, databaseUpdate({ revision: "0003" }, {}, { plan, planBefore: shopWithDatabase() }))).toHaveLength(1);
    expect(found(levelsPossible, databaseUpdate({ revision: "0003" }, {}))).toEqual([]);
  });
  it("holds back no rollback for it", () => {
    expect(found(levelsPossible, databaseUpdate({ revision: "0003" }, { "canary.weight": 0 }, { plan }))).toEqual([]);
  });
  it("asks a stack without a database nothing", () => {
    expect(
      found(levelsPossible, databaseUpdate({ revision: "0003" }, {}, { plan, verified: [{ ...databaseAt("0003"), database: undefined }] })),
    ).toEqual([]);
  });
});
