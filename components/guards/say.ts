import * as pulumi from "@pulumi/pulumi";
import { told } from "../levers/errors.ts";
import { allows, describeExemption, type Exemption } from "./exemption.ts";
import type { Verdict } from "./judge.ts";
import { guards } from "./list.ts";

/** Tells whoever runs the update what its guards said of it, whether or not a policy pack is there to refuse it. */
export function say(verdict: Verdict, resource: pulumi.Resource): void {
  for (const line of warnings(verdict)) pulumi.log.warn(line, resource);
  for (const line of notes(verdict)) pulumi.log.info(line, resource);
}

/**
 * Stops an update that may lose data, before any resource of it.
 * @throws {pulumi.RunError} with every problem, and the command that mends each.
 */
export function stopLossOfData({ refused }: Verdict): void {
  const problems = guards.filter(({ keepsData }) => keepsData).flatMap(({ name }) => refused[name] ?? []);
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `  ${told(problem)}`);
  throw new pulumi.RunError(`This update may lose data. Nothing was changed.\n${lines.join("\n")}`);
}

/** What does not hold, and every exemption in force: none is silent, whether or not anything needs it. */
export function warnings(verdict: Verdict): string[] {
  const rules = Object.keys(verdict.refused);
  const many = rules.length === 1 ? "1 precondition does" : `${rules.length} preconditions do`;
  const refused = `${many} not hold: ${rules.join(", ")}. With --policy-pack policies this update is refused, and told how to mend it.`;
  const exempt = verdict.exemptions.flatMap((exemption) =>
    allowed(exemption, verdict).map((line) => `${describeExemption(exemption)}: ${line}`),
  );
  return [...(rules.length > 0 ? [refused] : []), ...exempt];
}

/** What a rollback goes without. Agreement and record are only late: people still agree, and write it down. */
export function notes({ waived: { approvals = [], "change-record": record = [], ...others } }: Verdict): string[] {
  const slow = Object.keys(others);
  const agreed = approvals.filter(({ path }) => !record.some((missing) => missing.path === path));
  const late = [...record, ...agreed].map(({ path, message }) => `${path}: ${message}`);
  return [
    ...(slow.length > 0 ? [`Nothing new reaches anybody, so not held back by ${slow.join(", ")}.`] : []),
    ...(late.length > 0 ? [`Agreement and record are to be caught up with. ${late.join("; ")}.`] : []),
  ];
}

/** What an exemption lets through. Of rules of resources only the policy pack can tell, and does. */
function allowed(exemption: Exemption, { exempt }: Verdict): string[] {
  const { policy, path } = exemption;
  if (!guards.some(({ name }) => name === policy)) return ["the policy pack names each resource that needs it"];
  const found = (exempt[policy] ?? []).filter((problem) => allows(exemption, policy, problem.path));
  if (found.length === 0) return [`nothing needs it now; remove ${path} once nothing will`];
  return found.map(({ path: of, message }) => `${of}: ${message}`);
}
