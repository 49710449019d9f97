import type { Level } from "../../components/plan/plan.ts";
import { verificationOf } from "../../components/plan/verification.ts";
import { duration } from "../../components/plan/words.ts";
import { lastTested } from "../../pages/runbook/lastTested.ts";
import { contacts, escalation, onCall } from "../../pages/runbook/people.ts";
import { levelOf } from "../change/leversAfter.ts";
import type { Screen } from "../screen.ts";
import { drilled } from "../stack/drilled.ts";
import type { OpenStack } from "../stack/open.ts";
import { table, utc, wrapped } from "../text.ts";
import { type PulledStep, pulledSteps } from "./pulled.ts";

export type Shown = Pick<OpenStack, "name" | "plan" | "project" | "document">;

/** One level of a stack's plan, in full. @throws {OperatorError} where the plan has no such level. */
export function showLevel(stack: Shown, name: string, { print, colors, columns }: Screen, now = new Date()): void {
  const { plan } = stack;
  const level = levelOf(plan, name);
  const lines = (all: readonly string[]) => {
    for (const line of all.flatMap((each) => wrapped(each, columns))) print(line);
  };
  // Commands are not wrapped: they are copied as they are.
  const section = (title: string, all: readonly string[], commands: readonly string[] = []) => {
    if (all.length + commands.length === 0) return;
    print(`\n${colors.bold(title)}`);
    lines(all);
    for (const command of commands) print(`    ${command}`);
  };
  lines([`${colors.bold(name)}  ${level.title}, at most ${duration(level.rtoSeconds)}`, `Stack ${stack.name}, ${utc(now)}`]);
  if (level.traffic === "gateway") lines(["Only where traffic goes through a Gateway."]);
  section("When", list(level.when));
  section("What it means", list(level.impact));
  for (const [index, step] of pulledSteps(level.steps, stack.document.levers, stack.name).entries()) {
    section(level.steps.length === 1 ? "What to type" : `${index + 1}. ${stepTitle(step)}`, indented(step.becomes), step.commands);
  }
  section("Or", [], [`rollback to ${name} --stack ${stack.name}${choices(level)}`]);
  section("Verify", list(verificationOf(plan, level).map(({ title }) => title)), [`rollback verify ${name} --stack ${stack.name}`]);
  section("Watch", list(level.watch));
  section("If issues persist", list(level.next.map((next) => `${next}: ${plan.levels[next]?.title ?? next}`)));
  section(
    "Who to call",
    [onCall(plan), escalation(plan), contacts(plan)]
      .filter(({ rows }) => rows.length > 0)
      .flatMap(({ headings, rows }, index) => [...(index > 0 ? [""] : []), ...indented(table(headings, rows, columns - 2))]),
  );
  for (const { within, title, steps } of plan.afterwards) section(`Within ${within}: ${title}`, list(steps));
  print();
  lines([`Last drilled: ${lastTested(drilled(stack)[name])}.`]);
}

const list = (items: readonly string[]): string[] => items.map((item) => `  - ${item}`);
const indented = (items: readonly string[]): string[] => items.map((item) => (item === "" ? "" : `  ${item}`));

const stepTitle = ({ title, withinSeconds }: PulledStep): string =>
  `${title ?? "Then"}${withinSeconds === undefined ? "" : `, within ${duration(withinSeconds)}`}`;

const choices = ({ steps }: Level): string =>
  steps
    .flatMap(({ levers }) => levers)
    .map((lever) => ("value" in lever && lever.chosen !== undefined ? ` --choose ${lever.path}=<${lever.chosen}>` : ""))
    .join("");
