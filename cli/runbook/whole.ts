import { duration } from "../../components/plan/words.ts";
import type { Screen } from "../screen.ts";
import { utc, wrapped } from "../text.ts";
import type { Shown } from "./level.ts";
import { pulledSteps } from "./pulled.ts";

/** Every level of a stack's plan in short: how long, when, and what to type. */
export function showRunbook({ name: stack, plan, document }: Shown, { print, colors, columns }: Screen, now = new Date()): void {
  const lines = (text: string) => {
    for (const line of wrapped(text, columns)) print(line);
  };
  const { rtoSeconds, rpoSeconds } = plan.objectives;
  lines(colors.bold(`${plan.title}: rollback runbook`));
  lines(`Stack ${stack}, ${utc(now)}`);
  lines(`Recovery time: at most ${duration(rtoSeconds)}. Data loss: ${rpoSeconds === 0 ? "none" : `at most ${duration(rpoSeconds)}`}.`);
  for (const [name, { title, rtoSeconds: within, when, traffic, steps }] of Object.entries(plan.levels)) {
    print();
    lines(`${colors.bold(name)}  ${title}, at most ${duration(within)}`);
    lines(`  When: ${when.join("; ")}.`);
    if (traffic === "gateway") lines("  Only where traffic goes through a Gateway.");
    // Not wrapped: a command is copied as it is.
    for (const { commands } of pulledSteps(steps, document.levers, stack)) for (const command of commands) print(`    ${command}`);
  }
  print();
  lines("One in full: rollback runbook <level>. Which are possible now: rollback check.");
}
