/** `npm run drill`: a rehearsal of a system's levels under load, measured against their objectives. */

import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Lever } from "../components/levers/commands.ts";
import type { Plan } from "../components/plan/plan.ts";
import { pulumiEnvironment } from "../tools/environment.ts";
import { projectRoot } from "../tools/paths.ts";
import { Interrupted, PartError } from "../tools/setup/index.ts";
import { createProgress } from "../tools/setup/progress.ts";
import { chooseGround } from "./ground.ts";
import { listenForInterrupts } from "./interrupt.ts";
import { commandsFor } from "./levers.ts";
import { whileAlone } from "./lock.ts";
import { type DrillOptions, parseOptions, UsageError, usage } from "./options.ts";
import { type DrillOutcome, shortcomings } from "./outcome.ts";
import { prepare } from "./prepare.ts";
import { Pulumi } from "./pulumi.ts";
import { chooseLevels, rehearse } from "./rehearse.ts";
import { writeReport } from "./report.ts";
import { stackName } from "./stack.ts";
import { terminalTable } from "./table.ts";

/**
 * Runs the drill that `argv` (what follows `npm run drill --`) asks for.
 * @returns the exit code: 0 every level passed, 1 a level or a step failed, 2 wrong arguments, 130 interrupted.
 */
export async function drillCommand(argv: string[]): Promise<number> {
  try {
    if (argv.includes("--help")) {
      console.log(usage);
      return 0;
    }
    const options = parseOptions(argv);
    const plan = await loadPlan(options.system);
    const names = chooseLevels(plan, options.levels);
    return await whileAlone(stackName(plan.system), () => drill(plan, names, options));
  } catch (error) {
    if (error instanceof PartError) throw error;
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

async function drill(plan: Plan, names: readonly string[], options: DrillOptions): Promise<number> {
  const { ground, reality } = chooseGround(options);
  console.log(reality);

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
    const context = await prepare({ plan, ground, context: options.context, pulumi, progress, step, signal });
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
    return conclude(outcome);
  } catch (error) {
    if (!signal.aborted) throw error;
    console.error(error instanceof Interrupted ? error.message : "No lever was pulled; the same command goes on from here.");
    return 130;
  } finally {
    interrupts.stopListening();
  }
}

function conclude(outcome: DrillOutcome): number {
  const { version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string };
  const folder = writeReport(outcome, version);
  console.log(`\n${terminalTable(outcome)}\n`);
  for (const level of outcome.levels) {
    for (const line of shortcomings(level)) console.log(`${level.name}: ${line}`);
  }
  console.log(`Report: ${relative(process.cwd(), join(folder, "report.md"))}`);
  console.log(`The stack stays up: eval "$(npm run --silent env)" && npx pulumi stack --stack ${outcome.stack}`);
  if (outcome.interrupted) return 130;
  return outcome.levels.every((level) => shortcomings(level).length === 0) ? 0 : 1;
}

async function loadPlan(system: string): Promise<Plan> {
  const file = join(projectRoot, "stacks", `${system}.ts`);
  const committed = join(projectRoot, "stacks", `Pulumi.${system}.yaml`);
  if (!/^[a-z][a-z0-9-]*$/.test(system) || !existsSync(file) || !existsSync(committed)) {
    throw new UsageError(
      `there is no system "${system}": a system has a plan stacks/<system>.ts and a stack file stacks/Pulumi.<system>.yaml`,
    );
  }
  return ((await import(file)) as { default: Plan }).default;
}
