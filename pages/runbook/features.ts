import { commandLine, leverArguments } from "../../components/levers/commands.ts";
import type { Plan } from "../../components/plan/plan.ts";
import { table } from "./markdown.ts";

/** What can be taken away as a whole, and how it comes back. */
export function features({ features: all }: Plan): string | undefined {
  const rows = Object.entries(all).map(([name, { title, functions }]) => {
    const set = (value: boolean) => `\`${commandLine(leverArguments({ path: `features.${name}`, value }))} && pulumi up\``;
    return [title, Object.keys(functions).join(", "), set(false), set(true)];
  });
  return rows.length > 0 ? table(["feature", "functions", "to remove it", "to bring it back"], rows) : undefined;
}
