import { allows, describeExemption, type Exemption, inForce } from "../components/guards/exemption.ts";
import type { RuleName } from "../components/guards/names.ts";

type Declared = Omit<Exemption, "path">;

/** The stack's exemptions as the program knows them; what is wrong with them is for the program to say. */
function exemptions(): Declared[] {
  const config = JSON.parse(process.env.PULUMI_CONFIG ?? "{}") as Record<string, string>;
  const [, text = "[]"] = Object.entries(config).find(([key]) => key.endsWith(":exemptions")) ?? [];
  return JSON.parse(text);
}

/** What lets a resource break a rule for now. */
export function exemption(name: RuleName, resource: string): Declared | undefined {
  return exemptions().find((declared) => inForce(declared, new Date()) && allows(declared, name, resource));
}

/** Nothing is exempt silently. */
export function exempt(declared: Declared, resource: string, message: string): void {
  console.warn(`${describeExemption(declared)}: ${resource}: ${message}`);
}
