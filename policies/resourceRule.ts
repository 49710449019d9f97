import type { ResourceValidationPolicy } from "@pulumi/policy";
import type { RuleName } from "../components/guards/names.ts";
import { exempt, exemption } from "./exemptions.ts";
import { Field, isUnknown } from "./field.ts";

/** A resource as it is about to be made or changed. */
export interface Resource {
  type: string;
  /** Its URN, which has the types of the components that it is a part of. */
  urn: string;
  inputs: Field;
  /** Its options: `protect`, `deleteBeforeReplace`. */
  opts: Field;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a program wrote
type Written = any;

/** What must hold of one field. */
export interface Expectation {
  field: Field;
  holds(value: Written): boolean;
  /** What is there, as a person reads it. Default: `is <value>`. */
  found?(value: Written): string;
  /** What has to be there. */
  expected: string;
  /** The command that mends it, or what to write into the program: {@link set}, {@link remove}. */
  mend(value: Written): string;
}

export interface Rule {
  name: RuleName;
  /** What must hold. */
  description: string;
  /** Where the rule comes from: rows of the teams' documents, or the design's own rules. */
  why: string;
  severity: "low" | "medium" | "high" | "critical";
  /** Of one resource; none where the rule has nothing to say of it. */
  expectations(resource: Resource): Iterable<Expectation>;
}

/** What a rule finds: a sentence with the field, what is there, what was expected and what mends it. */
export interface Findings {
  messages: string[];
  /** The first value that the preview does not know. */
  unknown?: unknown;
}

export const set = ({ path }: Pick<Field, "path">, value: unknown): string => `in the program, ${path} = ${JSON.stringify(value)}`;
export const remove = (...fields: Pick<Field, "path">[]): string =>
  `in the program, delete ${fields.map(({ path }) => path).join(" and ")}`;

/** That a field is just this. */
export const mustBe = (field: Field, wanted: unknown): Expectation => ({
  field,
  holds: (value) => value === wanted,
  expected: JSON.stringify(wanted),
  mend: () => set(field, wanted),
});

/** That a field, where it is set at all, is not true. */
export const mustNotBeSet = (field: Field): Expectation => ({
  field,
  holds: (value) => !value,
  expected: "none",
  mend: () => remove(field),
});

/** What a rule finds wrong with a resource. What is unknown hides nothing else. */
export function findings(rule: Pick<Rule, "expectations">, resource: Resource): Findings {
  const found: Findings = { messages: [] };
  const attempt = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      if (!isUnknown(error)) throw error;
      found.unknown ??= error;
    }
  };
  attempt(() => {
    for (const expectation of rule.expectations(resource)) {
      attempt(() => {
        if (!expectation.holds(expectation.field.value)) found.messages.push(message(expectation));
      });
    }
  });
  return found;
}

const asWritten = (value: unknown): string => (value === undefined ? "is not set" : `is ${JSON.stringify(value)}`);

function message({ field, found = asWritten, expected, mend }: Expectation): string {
  return `${field.path}: ${found(field.value)}; expected ${expected}\n    mend it with: ${mend(field.value)}`;
}

/**
 * A rule as a policy. It stops an update before the resource that breaks it changes. A value that a preview does not know is said, as an
 * advisory violation, and the update itself asks again before it changes the resource.
 */
export function resourceRule(rule: Rule): ResourceValidationPolicy {
  const { name, description, why, severity } = rule;
  return {
    name,
    description: `${description} ${why}.`,
    severity,
    enforcementLevel: "mandatory",
    remediationSteps: "Each message ends with what mends it: a command, or a field of the program and its value.",
    validateResource({ type, urn, props, opts, name: resource }, report) {
      const { messages, unknown } = findings(rule, { type, urn, inputs: Field.of(props), opts: Field.of({ opts }).at("opts") });
      const allowed = exemption(name, resource);
      for (const each of messages) {
        if (allowed) exempt(allowed, resource, each);
        else report(each);
      }
      // The SDK tells it in its own words, which name the field.
      if (unknown) throw unknown;
    },
  };
}
