import { describe, expect, it } from "vitest";
import { databaseAt, databaseUpdate } from "../../test/unit/guards/database.ts";
import { found } from "../../test/unit/guards/shop.ts";
import { knownRevision } from "./knownRevision.ts";

describe("known-revision", () => {
  it("M5: refuses to leave a revision that the plan does not know, whose ancestors nobody can tell", () => {
    expect(found(knownRevision, databaseUpdate({ revision: "0004" }, databaseAt("0003")))).toEqual([
      "database.revision: the database has 0004, which this plan does not know (0001, 0002, 0003), so that 0003 cannot be told to be its ancestor | git pull && npm ci",
    ]);
  });
  it("asks nothing of a known one, or of a first update", () => {
    expect(found(knownRevision, databaseUpdate({ revision: "0003" }, databaseAt("0001")))).toEqual([]);
    expect(found(knownRevision, databaseUpdate({ revision: "0003" }, databaseAt("0001"), { verified: [] }))).toEqual([]);
  });
});
