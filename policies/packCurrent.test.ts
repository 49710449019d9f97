import type { ResourceValidation, ResourceValidationArgs } from "@pulumi/policy";
import { expect, it } from "vitest";
import { packCurrent } from "./packCurrent.ts";

function said(type: string, props: Record<string, unknown>): string[] {
  const found: string[] = [];
  (packCurrent.validateResource as ResourceValidation)({ type, props } as unknown as ResourceValidationArgs, (text) => found.push(text));
  return found;
}

const system = "rollback-stacks:components:RollbackPlan";

it("what the program refuses and the pack does not know is refused, with how to build the pack anew", () => {
  expect(said(system, { refused: { approvals: [], "moon-phase": [] } })).toEqual([
    "policies: built before there was moon-phase, which does not hold\n    mend it with: npm run setup",
  ]);
});

it("what the pack knows is left to its own rule, and other resources are none of its", () => {
  expect(said(system, { refused: { approvals: [] } })).toEqual([]);
  expect(said(system, {})).toEqual([]);
  expect(said("kubernetes:core/v1:Pod", { refused: { "moon-phase": [] } })).toEqual([]);
});
