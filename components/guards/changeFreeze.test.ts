import { describe, expect, it } from "vitest";
import { shopChange, verdictOf } from "../../test/unit/shopChange.ts";
import { changeFreeze } from "./changeFreeze.ts";

const freeze = (from: string, until: string) => ({ from, until, reason: "The busiest weekend" });
const of = (...freezes: ReturnType<typeof freeze>[]) => verdictOf(changeFreeze, shopChange({ to: 10, config: { freezes } }));

describe("a freeze", () => {
  it("stops a rollout while it lasts, and says until when and why", () => {
    expect(of(freeze("2026-11-20T00:00:00Z", "2026-11-30T08:00:00+01:00")).refused).toEqual([
      {
        path: "freezes[0]",
        message: "nothing new is rolled out until 2026-11-30T08:00:00+01:00: The busiest weekend",
        command: "pulumi config rm --path 'freezes[0]'",
      },
    ]);
  });

  it("begins with its first moment and ends with its last, whatever zones they are told in", () => {
    expect(of(freeze("2026-11-21T13:00:00+01:00", "2026-11-22T00:00:00Z")).refused).toHaveLength(1);
    expect(of(freeze("2026-11-21T12:00:01Z", "2026-11-22T00:00:00Z")).refused).toEqual([]);
    expect(of(freeze("2026-11-20T00:00:00Z", "2026-11-21T07:00:00-05:00")).refused).toEqual([]);
  });

  it("of several is named from the last to the first, so that each command still fits after the one before", () => {
    const twice = freeze("2026-11-20T00:00:00Z", "2026-11-22T00:00:00Z");
    expect(of(twice, twice).refused.map(({ path }) => path)).toEqual(["freezes[1]", "freezes[0]"]);
  });

  it("holds back no rollback", () => {
    const freezes = [freeze("2026-11-20T00:00:00Z", "2026-11-22T00:00:00Z")];
    const { refused, waived } = verdictOf(changeFreeze, shopChange({ from: 10, to: 0, config: { freezes } }));
    expect([refused.length, waived.length]).toEqual([0, 1]);
  });
});
