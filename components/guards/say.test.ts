import { expect, it } from "vitest";
import { daysAgo, shopChange } from "../../test/unit/shopChange.ts";
import { judge } from "./judge.ts";
import { notes, warnings } from "./say.ts";

const change = { reason: "Gemini answers faster", severity: "low", requestedBy: "ada" };
const exemption = (policy: string, resource?: string) => ({
  policy,
  ...(resource && { resource }),
  reason: "No cluster",
  approvedBy: "lead:bob",
  expiresAt: daysAgo(-1),
});
const verdict = (config: Record<string, unknown>, to = 10) => judge(shopChange({ from: to === 0 ? 10 : 0, to, config }));
const head = (policy: string) => `exempt from ${policy} until 2026-11-22T12:00:00.000Z (lead:bob: No cluster)`;

it("what does not hold is named, with how to learn more", () => {
  expect(warnings(verdict({ change }))).toEqual([
    "1 precondition does not hold: level-drilled. With --policy-pack policies this update is refused, and told how to mend it.",
  ]);
});

it("an exemption in force is told with who, why and until when, and with what it lets through", () => {
  const exemptions = [exemption("level-drilled")];
  expect(warnings(verdict({ change, exemptions }))).toEqual([
    `${head("level-drilled")}: levels.traffic: never drilled; the plan asks for a drill every 31 days`,
  ]);
});

it("an exemption that nothing needs is told too, and so is one of a resource's rule", () => {
  const exemptions = [exemption("level-drilled"), exemption("change-freeze"), exemption("image-by-digest", "shop")];
  expect(warnings(verdict({ change, exemptions })).slice(1)).toEqual([
    `${head("change-freeze")}: nothing needs it now; remove exemptions[1] once nothing will`,
    `${head("image-by-digest")}: the policy pack names each resource that needs it`,
  ]);
});

it("an exemption of one lever or level lets nothing else through", () => {
  const exemptions = [exemption("level-drilled", "levels.other")];
  expect(warnings(verdict({ change, exemptions }))).toEqual([
    "1 precondition does not hold: level-drilled. With --policy-pack policies this update is refused, and told how to mend it.",
    `${head("level-drilled")}: nothing needs it now; remove exemptions[0] once nothing will`,
  ]);
});

it("going without approvals is told like an exemption", () => {
  const bypass = { reason: "Nobody is awake", by: "ada", expiresAt: daysAgo(-1) };
  const high = { ...change, severity: "high", approvedBy: ["lead:bob"], bypass };
  expect(warnings(verdict({ change: high, exemptions: [exemption("level-drilled")] })).at(-1)).toBe(
    "exempt from approvals until 2026-11-22T12:00:00.000Z (ada: Nobody is awake): change.approvedBy: a change of severity high needs the approval of owner, which is missing",
  );
});

it("a rollback is told what it goes without, and what people have to catch up with", () => {
  const high = { severity: "high", requestedBy: "ada", approvedBy: ["lead:bob"] };
  const rollback = verdict({ change: high, freezes: [{ from: daysAgo(1), until: daysAgo(-1), reason: "Busy" }] }, 0);
  expect(warnings(rollback)).toEqual([]);
  expect(notes(rollback)).toEqual([
    "Nothing new reaches anybody, so not held back by change-freeze, level-drilled.",
    "Agreement and record are to be caught up with. change.reason: missing; change.approvedBy: a change of severity high needs the approval of owner, which is missing.",
  ]);
});

it("a rollback of which nothing is said at all is told once what is missing", () => {
  expect(notes(verdict({}, 0)).at(-1)).toBe(
    "Agreement and record are to be caught up with. change.reason: missing; change.severity: missing; change.requestedBy: missing.",
  );
});

it("an update that changes nothing is told nothing", () => {
  const nothing = judge(shopChange({ from: 10, to: 10 }));
  expect([...warnings(nothing), ...notes(nothing)]).toEqual([]);
});
