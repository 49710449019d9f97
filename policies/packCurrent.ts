import type { ResourceValidationPolicy } from "@pulumi/policy";
import { guards } from "../components/guards/list.ts";

/** The pack is built from its sources by the set-up. One that is older than the program would let through what it does not know. */
export const packCurrent: ResourceValidationPolicy = {
  name: "pack-current",
  description: "The pack knows every precondition that the program tells it of: one that was built before would let it through.",
  severity: "high",
  remediationSteps: "Build the pack anew: npm run setup",
  validateResource({ type, props }, report) {
    if (type !== "rollback-stacks:components:RollbackPlan") return;
    const unknown = Object.keys(props.refused ?? {}).filter((rule) => guards.every(({ name }) => name !== rule));
    if (unknown.length > 0)
      report(`policies: built before there was ${unknown.join(", ")}, which does not hold\n    mend it with: npm run setup`);
  },
};
