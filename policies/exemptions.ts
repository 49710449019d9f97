import type { ReportViolation, ResourceValidation, ResourceValidationArgs } from "@pulumi/policy";
import { allows, describeExemption, type Exemption, inForce } from "../components/guards/exemption.ts";
import type { RuleName } from "../components/guards/names.ts";

/** What a rule finds wrong with a resource. */
export interface Finding {
  /** Field of the resource: `spec.template.spec.containers[0].image`. */
  path: string;
  message: string;
  /** What to do: a command, or what to write into the program. */
  mend: string;
}

type Declared = Omit<Exemption, "path">;

/** The stack's exemptions as the program knows them; what is wrong with them is for the program to say. */
function exemptions(): Declared[] {
  const config = JSON.parse(process.env.PULUMI_CONFIG ?? "{}") as Record<string, string>;
  const [, text = "[]"] = Object.entries(config).find(([key]) => key.endsWith(":exemptions")) ?? [];
  return JSON.parse(text);
}

/** A rule of a resource, from which a stack may exempt all or one for a time. What is exempt is said, never silent. */
export function rule(name: RuleName, check: (args: ResourceValidationArgs) => Finding[]): ResourceValidation {
  return (args: ResourceValidationArgs, report: ReportViolation) => {
    const found = check(args);
    const exemption = exemptions().find((declared) => inForce(declared, new Date()) && allows(declared, name, args.name));
    for (const { path, message, mend } of found) {
      if (exemption) console.warn(`${describeExemption(exemption)}: ${args.name}: ${path}: ${message}`);
      else report(`${path}: ${message}\n    mend it with: ${mend}`);
    }
  };
}
