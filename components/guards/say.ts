import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../levers/errors.ts";
import type { Verdict } from "./judge.ts";

/** Tells whoever runs the update what its guards said of it, whether or not a policy pack is there to refuse it. */
export function say({ refused, waived, exempt }: Verdict, resource: pulumi.Resource): void {
  const rules = Object.keys(refused);
  if (rules.length > 0) {
    pulumi.log.warn(
      `${count(rules.length)} not hold: ${rules.join(", ")}. With --policy-pack policies this update is refused, and told how to mend it.`,
      resource,
    );
  }
  const held = Object.keys(waived);
  if (held.length > 0) pulumi.log.info(`A rollback: not held back by ${held.join(", ")}, which slow rollouts down.`, resource);
  for (const [rule, problems] of Object.entries(exempt)) {
    for (const { path, message } of problems as Problem[]) pulumi.log.warn(`exempt from ${rule}: ${path}: ${message}`, resource);
  }
}

const count = (rules: number): string => (rules === 1 ? "1 precondition does" : `${rules} preconditions do`);
