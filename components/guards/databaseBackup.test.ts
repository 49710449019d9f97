import { describe, expect, it } from "vitest";
import { databaseAt, databaseUpdate } from "../../test/unit/guards/database.ts";
import { found } from "../../test/unit/guards/shop.ts";
import { databaseBackup } from "./databaseBackup.ts";

const without = (revision: string) => databaseAt(revision, { backups: undefined });
const mend = "pulumi config set --path database.backups <claim>";

describe("database-backup", () => {
  it("B4, M5: refuses a change of the revision, down or up, where nothing says where the backup goes", () => {
    expect(found(databaseBackup, databaseUpdate({ revision: "0003" }, without("0002")))).toEqual([
      `database.backups: missing: the database goes down to 0002, and nothing says where the backup of before goes | ${mend}`,
    ]);
    expect(found(databaseBackup, databaseUpdate({ revision: "0001" }, without("0002")))).toEqual([
      `database.backups: missing: the database goes up to 0002, and nothing says where the backup of before goes | ${mend}`,
    ]);
  });
  it("asks nothing where there is a claim, nothing changes, or the database is only taken over", () => {
    expect(found(databaseBackup, databaseUpdate({ revision: "0003" }, databaseAt("0001")))).toEqual([]);
    expect(found(databaseBackup, databaseUpdate({ revision: "0003" }, without("0003")))).toEqual([]);
    expect(found(databaseBackup, databaseUpdate({ revision: "0003" }, without("0003"), { verified: [] }))).toEqual([]);
  });
});
