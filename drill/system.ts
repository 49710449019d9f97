/** One system's drill, from set-up to report. */

import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Lever } from "../components/levers/commands.ts";
import type { Level, Plan } from "../components/plan/plan.ts";
import { listenForInterrupts } from "../pulumi/interrupt.ts";
import { commandsFor } from "../pulumi/levers.ts";
import { Pulumi } from "../pulumi/pulumi.ts";
import { pulumiEnvironment } from "../tools/environment.ts";
import { projectRoot } from "../tools/paths.ts";
import { Interrupted } from "../tools/setup/index.ts";
import { createProgress } from "../tools/setup/progress.ts";
import { stepsLine } from "./databaseSteps.ts";
import { chooseGround, onGround } from "./ground.ts";
import type { DrillOptions } from "./options.ts";
import { type DrillOutcome, shortcomings } from "./outcome.ts";
import { prepare } from "./prepare.ts";
import { rehearse } from "./rehearse.ts";
import { writeReport } from "./report.ts";
import { lossLine } from "./restoration.ts";
import { stackName } from "./stack.ts";
import { terminalTable } from "./table.ts";

/**
 * Drills levels of `plan`, and writes the report.
 * @returns the outcome, or null where it was interrupted before the first lever.
 */
export async function drillSystem(plan: Plan, asked: readonly string[], options: DrillOptions): Promise<DrillOutcome | null> {
  const { ground, reality } = chooseGround(options);
  console.log(reality);
  const names = onGround(plan, asked, ground, { named: options.levels.length > 0, data: options.data });

  const startedAt = Date.now();
  const stack = stackName(plan.system);
  const progress = createProgress({ verbose: options.verbose });
  let forward: (line: string) => void = () => {};
  const pulumi = new Pulumi({ cwd: projectRoot, env: pulumiEnvironment(), stack, onLine: (line) => forward(line) });
  const step = <T>(name: string, work: (report: (line: string) => void) => Promise<T>) =>
    progress.step(name, {}, async (report) => {
      forward = options.verbose ? report : () => {};
      return await work(report);
    });

  let pulled: readonly Lever[] | null = null;
  const interrupts = listenForInterrupts({
    first() {
      const next = pulled === null ? "ending the running step" : "ending the running step, then restoring the before state";
      console.error(`\nInterrupted: ${next} (Ctrl-C again to stop at once).`);
      void pulumi.interrupt();
    },
    second() {
      if (pulled !== null)
        console.error(["\nNot restored. These commands restore the before state:", ...commandsFor(pulled, stack)].join("\n  "));
      void pulumi.interrupt().finally(() => process.exit(130));
    },
  });
  const { signal } = interrupts;
  try {
    const context = await prepare({
      plan,
      levels: names.map((name) => plan.levels[name] as Level),
      ground,
      data: options.data,
      databaseSize: options.databaseSize,
      context: options.context,
      pulumi,
      progress,
      step,
      signal,
    });
    const onPulled = (before: readonly Lever[] | null) => {
      pulled = before;
    };
    const levels = await rehearse(names, { ...context, stack, onPulled });
    const outcome: DrillOutcome = {
      system: plan.system,
      stack,
      ground,
      reality,
      startedAt,
      endedAt: Date.now(),
      interrupted: signal.aborted,
      levels,
    };
    conclude(outcome);
    return outcome;
  } catch (error) {
    if (!signal.aborted) throw error;
    console.error(error instanceof Interrupted ? error.message : "No lever was pulled; the same command goes on from here.");
    return null;
  } finally {
    interrupts.stopListening();
  }
}

function conclude(outcome: DrillOutcome): void {
  const { version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string };
  const folder = writeReport(outcome, version);
  console.log(`\n${terminalTable([outcome])}\n`);
  for (const level of outcome.levels) {
    if (level.database) console.log(`${level.name}: ${stepsLine(level.database)}`);
    if (level.restoration) console.log(`${level.name}: ${lossLine(level.restoration)}`);
    for (const line of shortcomings(level)) console.log(`${level.name}: ${line}`);
  }
  console.log(`Report: ${relative(process.cwd(), join(folder, "report.md"))}`);
  console.log(`The stack stays up: eval "$(npm run --silent env)" && npx pulumi stack --stack ${outcome.stack}`);
}
