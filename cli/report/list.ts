import type { Plan } from "../../components/plan/plan.ts";
import type { Screen } from "../screen.ts";
import { wrapped } from "../text.ts";
import { reportsOf } from "./fill.ts";

/** The reports that can be filled in: what each asks for, and what of it is on record. */
export function showReports(plan: Plan, { print, colors, columns }: Screen): void {
  const lines = (text: string) => {
    for (const line of wrapped(text, columns)) print(line);
  };
  for (const [name, { title, sections }] of Object.entries(reportsOf(plan))) {
    const fields = sections.flatMap((section) => Object.entries(section.fields));
    lines(`${colors.bold(name)}  ${title}`);
    const named = (those: typeof fields) => those.map(([field]) => field).join(", ") || "nothing";
    lines(`  from the record: ${named(fields.filter(([, { from }]) => from !== undefined))}`);
    lines(`  from people: ${named(fields.filter(([, { from, type }]) => from === undefined && type !== "check"))}`);
    print();
  }
  lines("To fill one in: rollback report <report> [<field>=<value> …]. As events for other tools: rollback report --format cdevents");
}
