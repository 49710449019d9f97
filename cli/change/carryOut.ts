/** From intention to outcome: what every command that changes levers goes through. */

import { commandLine, leverArguments } from "../../components/levers/commands.ts";
import { upArguments } from "../../pulumi/levers.ts";
import { createProgress } from "../../tools/setup/progress.ts";
import { usually } from "../evidence/alongside.ts";
import { OperatorError } from "../operatorError.ts";
import type { Screen } from "../screen.ts";
import { busy, type Holder, holderOf } from "../stack/busy.ts";
import type { PastUpdate } from "../stack/history.ts";
import { type Difference, differences, editsOf, leversOf, type RawLevers } from "../stack/levers.ts";
import type { OpenStack } from "../stack/open.ts";
import { edited, writeWhole } from "../stack/stackDocument.ts";
import type { State } from "../stack/state.ts";
import { shown, table, wrapped } from "../text.ts";
import { obstaclesTo, told as toldObstacle } from "./allowed.ts";
import { claimedBy, whileAlone } from "./claim.ts";
import { type Carried, concludeVerified } from "./conclude.ts";
import { failure, isVerification, late } from "./failure.ts";
import { type Intended, sentence, type Told } from "./intended.ts";
import { interruptible } from "./interruptible.ts";
import { changeRecord } from "./record.ts";
import { recordable } from "./restored.ts";
import { settle } from "./settle.ts";
import { update } from "./update.ts";

export interface Past {
  state: State;
  history: readonly PastUpdate[];
  /** Whether the cluster, or the state, is not what an update that ended well left. */
  unsettled: boolean;
}

export interface Consent {
  /** Do not ask. */
  yes: boolean;
  /** Show, and do nothing. */
  dryRun: boolean;
}

interface Step {
  title?: string | undefined;
  levers: RawLevers;
  found: Difference[];
}

/**
 * Shows a change, asks, carries it out step by step, verifies it and says what comes after. Where it cannot be carried out the
 * stack's file is as it was, or the error says which part of it is done.
 * @throws {OperatorError}
 */
export async function carryOut(
  stack: OpenStack,
  past: Past,
  intended: Intended,
  told: Told,
  consent: Consent,
  screen: Screen,
): Promise<void> {
  const holder = claimedBy(stack) ?? (await holderOf(stack));
  if (holder && !holder.gone) throw busy(stack, holder);
  const change = changeRecord(intended, told, stack.document.levers, past.history[0]);
  const steps = stepsBetween(stack.document.levers, intended.steps);
  allow(stack, past.state, steps, change);
  show(stack, intended, steps, screen);
  goesAlong(stack, past.state, steps, screen);
  if (!consent.yes) offerEvidence(intended, screen);
  if (consent.dryRun) return screen.print("\nNothing was changed: --dry-run.");
  if (!consent.yes) await ask(screen);
  await whileAlone(stack, { by: told.by, doing: sentence(intended, told) }, async () => {
    if (holder) await release(stack, holder, screen);
    await settle(stack, past.state, screen);
    const startedAt = Date.now();
    const alongside = intended.alongside?.();
    try {
      const carried = await interruptible(stack.pulumi, (signal) =>
        runSteps(stack, { intended, told, change, steps, startedAt, signal, screen }),
      );
      await concludeVerified(stack, intended, { startedAt, ...carried }, screen);
    } finally {
      await alongside;
    }
  });
}

function stepsBetween(before: RawLevers, steps: Intended["steps"]): Step[] {
  return steps.map(({ title, levers }, index) => ({ title, levers, found: differences(steps[index - 1]?.levers ?? before, levers) }));
}

function allow(stack: OpenStack, state: State, steps: readonly Step[], change: RawLevers): void {
  const found = steps.flatMap(({ levers }) => obstaclesTo(stack, state, { ...levers, change }));
  const lines = [...new Set(found.map(toldObstacle))];
  if (lines.length === 0) return;
  throw new OperatorError(`not possible now. Nothing was changed.\n${lines.map((line) => `  ${line}`).join("\n")}`, "refused");
}

function show(stack: OpenStack, { what, rtoSeconds, refresh }: Intended, steps: readonly Step[], { print, colors, columns }: Screen): void {
  print(`${colors.bold(what)} on ${stack.name}: safe within ${rtoSeconds} s`);
  for (const { title, found } of steps) {
    if (title) print(`\n${title}`);
    const rows = found.map(({ path, from, to }) => [path.join("."), shown(from), shown(to)]);
    const lines =
      rows.length > 0
        ? table(["lever", "now", "then"], rows, columns - 2)
        : ["The levers are so already; the update brings the cluster to them."];
    for (const line of lines) print(`  ${line}`);
  }
  print("\nThe same by hand:");
  for (const line of steps.flatMap((step) => byHand(step, stack.name, refresh))) print(`  ${line}`);
}

/** Levers that somebody set and no update brought about yet: this one will. */
function goesAlong(stack: OpenStack, { record }: State, steps: readonly Step[], { print, colors }: Screen): void {
  const now = recordable(stack, stack.document.levers);
  if (!record?.levers || !now) return;
  const changed = new Set(steps.flatMap(({ found }) => found.map(({ path }) => path[0])));
  const others = differences(record.levers, now).filter(({ path }) => !changed.has(path[0]));
  if (others.length > 0) print(`\n${colors.yellow("Set before, in no update that ended well, and goes along:")}`);
  for (const { path, from, to } of others) print(`  ${path.join(".")}: ${shown(to)}, last verified ${shown(from)}`);
}

/** Pods that are replaced take their logs and metrics with them. */
function offerEvidence({ level, alongside }: Intended, { print, columns }: Screen): void {
  if (level === undefined || alongside) return;
  const offer = `Pods that go take their logs and metrics with them. --evidence <folder> keeps those, beside the rollback, which does not wait for it: ${usually}.`;
  print();
  for (const line of wrapped(offer, columns)) print(line);
}

function byHand({ found }: Step, stack: string, refresh: boolean): string[] {
  const typed = (args: readonly string[]) => commandLine([...args, "--stack", stack]);
  const up = refresh ? `PULUMI_K8S_ENABLE_PATCH_FORCE=true ${typed([...upArguments, "--refresh"])}` : typed(upArguments);
  return [...leversOf(found).map((lever) => typed(leverArguments(lever))), up];
}

async function ask(screen: Screen): Promise<void> {
  if (!screen.interactive)
    throw new OperatorError("nobody can be asked here: there is no terminal. Nothing was changed.\n    go on with: --yes", "usage");
  if (!(await screen.confirm("\nGo on?"))) throw new OperatorError("Nothing was changed.", "refused");
}

async function release(stack: OpenStack, { who }: Holder, screen: Screen): Promise<void> {
  await stack.pulumi.run(["cancel", "--yes"]);
  screen.note(`Released the lock of ${who}, which is gone.`);
}

interface Running {
  intended: Intended;
  told: Told;
  change: RawLevers;
  steps: readonly Step[];
  startedAt: number;
  signal: AbortSignal;
  screen: Screen;
}

/** @returns what the last step left. @throws {OperatorError} that says what state things are in. */
async function runSteps(
  stack: OpenStack,
  { intended, told, change, steps, startedAt, signal, screen }: Running,
): Promise<Pick<Carried, "levers" | "byJob">> {
  const { file, text, levers: before } = stack.document;
  const progress = createProgress();
  let kept = text;
  let byJob = false;
  for (const [index, { title, levers, found }] of steps.entries()) {
    if (title) screen.note(title);
    const recorded = differences(before.change, change, ["change"]);
    const next = edited(kept, stack.project.name, editsOf([...found, ...(index === 0 ? recorded : [])]));
    writeWhole(file, next);
    const outcome = await update(stack, {
      message: sentence(intended, told),
      refresh: intended.refresh && index === 0,
      progress,
      deadline: startedAt + intended.rtoSeconds * 1000,
      onLate: (awaited) => progress.note(late(stack, intended, awaited, levers)),
    });
    if (outcome.error) {
      const untouched = outcome.done.length === 0 && outcome.failed.length === 0;
      if (untouched) writeWhole(file, kept);
      throw await failure(stack, intended, { outcome, untouched, step: index, of: steps.length, levers, interrupted: signal.aborted });
    }
    kept = next;
    byJob = outcome.done.some(isVerification);
  }
  return { levers: { ...(steps.at(-1)?.levers ?? before), change }, byJob };
}
