import { stringify } from "yaml";
import { alertRules } from "../../components/alerts/rules.ts";
import type { Plan } from "../../components/plan/plan.ts";

/** A plan's alerting rules as a file that Prometheus's `rule_files` takes. */
export function rulesFile(plan: Plan): string {
  const head = `# Written from stacks/${plan.system}.ts by \`npm run alerts\`; change the plan, not this file.\n`;
  return head + stringify(alertRules(plan), { lineWidth: 0 });
}
