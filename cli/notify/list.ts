import type { Plan } from "../../components/plan/plan.ts";
import { sentTo } from "../../components/plan/words.ts";
import type { Screen } from "../screen.ts";
import { wrapped } from "../text.ts";

/** The plan's messages: who reads each, when it is due, and what it has to be told. */
export function showMessages({ title, messages }: Plan, { print, colors, columns }: Screen): void {
  const lines = (text: string) => {
    for (const line of wrapped(text, columns)) print(line);
  };
  if (Object.keys(messages).length === 0) lines(`The plan of ${title} has no messages.`);
  for (const [name, message] of Object.entries(messages)) {
    lines(`${colors.bold(name)}  ${message.title}`);
    lines(`  ${sentTo(message)}`);
    for (const [field, { what, from }] of Object.entries(message.fields)) {
      lines(`  - ${field}: ${what}${from === undefined ? "" : colors.dim(` (from the record: ${from})`)}`);
    }
    print();
  }
  lines("Minutes count from the beginning of the rollback. To fill one in: rollback notify <message> [<field>=<value> …]");
}
