import { describe, expect, it } from "vitest";
import { daysAgo, now, shopChange, verdictOf } from "../../test/unit/shopChange.ts";
import { approvals } from "./approvals.ts";

const of = (change: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  verdictOf(approvals, shopChange({ to: 10, config: { change, ...more } }));
const high = { severity: "high", requestedBy: "ada" };

describe("approvals", () => {
  it("are those of every role that the matrix names for the severity, each with the command that adds it", () => {
    expect(of(high).refused).toEqual([
      {
        path: "change.approvedBy",
        message: "a change of severity high needs the approval of lead, which is missing",
        command: "pulumi config set --path 'change.approvedBy[0]' lead:<person>",
      },
      {
        path: "change.approvedBy",
        message: "a change of severity high needs the approval of owner, which is missing",
        command: "pulumi config set --path 'change.approvedBy[1]' owner:<person>",
      },
    ]);
    expect(of({ ...high, approvedBy: ["owner:cy", "lead:bob"] }).refused).toEqual([]);
  });

  it("are missing from the end of the list on", () => {
    const [missing] = of({ ...high, approvedBy: ["lead:bob"] }).refused;
    expect(missing?.command).toBe("pulumi config set --path 'change.approvedBy[1]' owner:<person>");
  });

  it("do not count where they are the requestor's, however the name is written", () => {
    expect(of({ ...high, approvedBy: ["lead:Ada ", "owner:cy"] }).refused).toEqual([
      {
        path: "change.approvedBy[0]",
        message: "Ada requested this change, so another person has to approve as lead",
        command: "pulumi config set --path 'change.approvedBy[0]' lead:<person>",
      },
    ]);
  });

  it("do not count twice for a person with two roles", () => {
    expect(of({ ...high, approvedBy: ["lead:bob", "owner:bob"] }).refused).toEqual([
      {
        path: "change.approvedBy[1]",
        message: "bob approves as lead already, so another person has to approve as owner",
        command: "pulumi config set --path 'change.approvedBy[1]' owner:<person>",
      },
    ]);
    expect(of({ ...high, approvedBy: ["lead:bob", "owner:bob", "owner:cy"] }).refused).toEqual([]);
  });

  it("are not told from the requestor's where it is not known who that is", () => {
    expect(of({ severity: "high", approvedBy: ["lead:bob", "owner:cy"] }).refused).toEqual([
      {
        path: "change.requestedBy",
        message: "missing, so whether somebody approved a change of their own is not known",
        command: "pulumi config set --path change.requestedBy <person>",
      },
    ]);
  });

  it("are not known where the severity is not", () => {
    expect(of({}).refused).toEqual([
      {
        path: "change.severity",
        message: "missing, so whose approval the plan demands is not known",
        command: "pulumi config set --path change.severity <low, medium, high or critical>",
      },
    ]);
  });

  it("are of nobody where the matrix asks for none, and on a development stack", () => {
    expect(of({ severity: "low" }).refused).toEqual([]);
    expect(of(high, { environment: "development" }).refused).toEqual([]);
  });

  it("are of nobody for an update that changes no lever", () => {
    const same = verdictOf(approvals, shopChange({ from: 10, to: 10, config: { change: high } }));
    expect(same).toEqual({ refused: [], waived: [], exempt: [] });
  });

  it("may be gone without for a time, which counts as an exemption, and no longer", () => {
    const bypass = (expiresAt: string) => ({ ...high, bypass: { reason: "Nobody is awake", by: "ada", expiresAt } });
    expect(of(bypass(daysAgo(-1)))).toMatchObject({ refused: [], exempt: [{}, {}] });
    expect(of(bypass(now.toISOString()))).toMatchObject({ refused: [{}, {}], exempt: [] });
  });

  it("hold back no rollback, of which they are only said", () => {
    const { refused, waived } = verdictOf(approvals, shopChange({ from: 10, to: 0, config: { change: high } }));
    expect(refused).toEqual([]);
    expect(waived.map(({ message }) => message)).toEqual([
      "a change of severity high needs the approval of lead, which is missing",
      "a change of severity high needs the approval of owner, which is missing",
    ]);
  });
});

describe("of a change that names a level", () => {
  it("those rows count that name it too; where none does, all of the severity", async () => {
    const { default: wabot } = await import("../../stacks/wabot.ts");
    const decisions = wabot.decisions.map((row) => ({ ...row, severity: "high" as const }));
    const { plan } = shopChange({ to: 10 });
    const roles = (level: string) => {
      const contacts = wabot.contacts;
      const levels = { traffic: plan.levels.traffic, code: plan.levels.traffic } as typeof plan.levels;
      const change = shopChange({ to: 10, plan: { ...plan, decisions, contacts, levels } });
      change.levers = { ...change.levers, change: { severity: "high", level } };
      return verdictOf(approvals, change).refused.map(({ command }) => command.split(" ").at(-1)?.split(":")[0]);
    };
    expect(roles("code")).toEqual(["engineeringLead", "productManager"]);
    expect(roles("traffic")).toEqual(["onCallPrimary", "engineeringLead", "productManager", "team"]);
  });
});
