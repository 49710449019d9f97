import { describe, expect, it } from "vitest";
import { databaseAt, databaseUpdate } from "../../test/unit/guards/database.ts";
import { found } from "../../test/unit/guards/shop.ts";
import { restoreInMaintenance } from "./restoreInMaintenance.ts";

const restored = databaseAt("0001", { restore: "earlier.dump" });

describe("restore-in-maintenance", () => {
  it("B4: refuses to restore a backup while anything may write", () => {
    expect(found(restoreInMaintenance, databaseUpdate({ revision: "0003" }, restored))).toEqual([
      "maintenance: is off, and earlier.dump is to be restored; expected true, so that nothing writes | " +
        "pulumi config rm --path database.restore && pulumi config set maintenance true && pulumi up && pulumi config set --path database.restore earlier.dump && pulumi up",
    ]);
  });
  it("lets it pass in maintenance, and lets a restore that is done stand when maintenance ends", () => {
    expect(found(restoreInMaintenance, databaseUpdate({ revision: "0003" }, { maintenance: true, ...restored }))).toEqual([]);
    expect(found(restoreInMaintenance, databaseUpdate({ revision: "0001", restore: "earlier.dump" }, restored))).toEqual([]);
    expect(found(restoreInMaintenance, databaseUpdate({ revision: "0001", restore: "earlier.dump" }, databaseAt("0001")))).toEqual([]);
  });
});
