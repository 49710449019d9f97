import type { StackValidationPolicy } from "@pulumi/policy";
import { exempt, exemption } from "./exemptions.ts";
import { Field } from "./field.ts";
import { type Expectation, findings, type Resource, type Rule } from "./resourceRule.ts";

export interface StackRule extends Omit<Rule, "expectations"> {
  /** Of one resource, among all of its stack. */
  expectations(resource: Resource, all: readonly Resource[]): Iterable<Expectation>;
}

/**
 * A rule of how a stack's resources go together, as a policy. The engine asks it when all of them are known: at the end of the preview that
 * comes before an update, which it stops, and again at the end of the update itself.
 */
export function stackRule({ name, description, why, severity, expectations }: StackRule): StackValidationPolicy {
  return {
    name,
    description: `${description} ${why}.`,
    severity,
    enforcementLevel: "mandatory",
    remediationSteps: "Each message ends with what mends it: a command, or a field of the program and its value.",
    validateStack({ resources }, report) {
      const all = resources.map(({ type, urn, props, opts, name }) => {
        return { type, urn, name, inputs: Field.of(props), opts: Field.of({ opts }).at("opts") };
      });
      const unknowns = all.flatMap((resource) => {
        const { messages, unknown } = findings({ expectations: (each) => expectations(each, all) }, resource);
        const allowed = exemption(name, resource.name);
        for (const each of messages) {
          if (allowed) exempt(allowed, resource.name, each);
          else report(each, resource.urn);
        }
        return unknown ? [unknown] : [];
      });
      if (unknowns.length > 0) throw unknowns[0];
    },
  };
}
