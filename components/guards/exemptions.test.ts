import { describe, expect, it } from "vitest";
import { daysAgo, shopChange, verdictOf } from "../../test/unit/shopChange.ts";
import { exemptions } from "./exemptions.ts";

const exemption = (expiresAt: string) => ({ policy: "level-drilled", reason: "No cluster", approvedBy: "lead:bob", expiresAt });

describe("an exemption", () => {
  it("that has expired is refused with the command that takes it away, the last one first", () => {
    const config = { exemptions: [exemption(daysAgo(1)), exemption(daysAgo(-1)), exemption(daysAgo(0))] };
    expect(verdictOf(exemptions, shopChange({ to: 10, config })).refused).toEqual([
      {
        path: "exemptions[2]",
        message: "the exemption from level-drilled expired at 2026-11-21T12:00:00.000Z",
        command: "pulumi config rm --path 'exemptions[2]'",
      },
      {
        path: "exemptions[0]",
        message: "the exemption from level-drilled expired at 2026-11-20T12:00:00.000Z",
        command: "pulumi config rm --path 'exemptions[0]'",
      },
    ]);
  });

  it("from approvals is the bypass too", () => {
    const config = { change: { bypass: { reason: "Nobody is awake", by: "ada", expiresAt: daysAgo(1) } } };
    expect(verdictOf(exemptions, shopChange({ to: 10, config })).refused).toEqual([
      {
        path: "change.bypass",
        message: "the exemption from approvals expired at 2026-11-20T12:00:00.000Z",
        command: "pulumi config rm --path change.bypass",
      },
    ]);
  });

  it("that has expired holds back no rollback", () => {
    const { refused, waived } = verdictOf(exemptions, shopChange({ from: 10, to: 0, config: { exemptions: [exemption(daysAgo(1))] } }));
    expect([refused.length, waived.length]).toEqual([0, 1]);
  });
});
