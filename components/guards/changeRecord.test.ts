import { describe, expect, it } from "vitest";
import { shopChange, verdictOf, verified } from "../../test/unit/shopChange.ts";
import { changeRecord } from "./changeRecord.ts";

const complete = { reason: "Gemini answers faster", severity: "low", requestedBy: "ada" };
const of = (change: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  verdictOf(changeRecord, shopChange({ to: 10, config: { change, ...more } }));

describe("the record of a change on production", () => {
  it("says why, how severe it is and who asked for it, and names the command for each that is missing", () => {
    expect(of({}).refused).toEqual([
      { path: "change.reason", message: "missing", command: "pulumi config set --path change.reason <why>" },
      {
        path: "change.severity",
        message: "missing",
        command: "pulumi config set --path change.severity <low, medium, high or critical>",
      },
      { path: "change.requestedBy", message: "missing", command: "pulumi config set --path change.requestedBy <person>" },
    ]);
    expect(of(complete).refused).toEqual([]);
  });

  it("is not asked for elsewhere, nor where no lever changes", () => {
    expect(of({}, { environment: "staging" }).refused).toEqual([]);
    expect(verdictOf(changeRecord, shopChange({ from: 10, to: 10 }))).toEqual({ refused: [], waived: [], exempt: [] });
  });

  it("is not the one that the last verified update left over", () => {
    const last = verified(0, { change: complete });
    const left = verdictOf(changeRecord, shopChange({ to: 10, last, config: { change: complete } }));
    expect(left.refused).toEqual([
      {
        path: "change.reason",
        message: '"Gemini answers faster" is still the reason of the last verified update; expected this one\'s',
        command: "pulumi config set --path change.reason <why>",
      },
    ]);
    const change = { ...complete, reason: "A tenth was fine for a day" };
    expect(verdictOf(changeRecord, shopChange({ to: 10, last, config: { change } })).refused).toEqual([]);
  });

  it("holds back no rollback", () => {
    const { refused, waived } = verdictOf(changeRecord, shopChange({ from: 10, to: 0 }));
    expect([refused.length, waived.length]).toEqual([0, 3]);
  });
});
