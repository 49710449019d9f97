/** What to say when an update of a change did not end well. */

import { elsewhere, stackOf } from "../../components/levers/elsewhere.ts";
import type { Plan } from "../../components/plan/plan.ts";
import { accessCluster } from "../cluster/access.ts";
import { OperatorError } from "../operatorError.ts";
import { busy, refusedAsBusy } from "../stack/busy.ts";
import { explained } from "../stack/explained.ts";
import type { RawLevers } from "../stack/levers.ts";
import type { OpenStack } from "../stack/open.ts";
import type { Intended } from "./intended.ts";
import { stepsOf } from "./leversAfter.ts";
import type { Resource, UpdateOutcome } from "./update.ts";

export interface Failed {
  outcome: UpdateOutcome;
  /** Whether the engine changed nothing, so that the stack's file has been put back. */
  untouched: boolean;
  step: number;
  of: number;
  /** What the step aimed for. */
  levers: RawLevers;
  interrupted: boolean;
}

/** The error that says what failed, what state things are in and what to do next. */
export async function failure(stack: OpenStack, intended: Intended, failed: Failed): Promise<unknown> {
  const { outcome, untouched, interrupted } = failed;
  const other = refusedAsBusy(outcome.error);
  if (other) return busy(stack, other);
  const lost = isLost(outcome.errors);
  const meaning = lost ? outcome.error : await explained(outcome.error, stack);
  if (untouched && meaning instanceof OperatorError) return new OperatorError(`${meaning.message}\n${putBack(stack)}`, "refused");
  const why =
    outcome.errors.length > 0
      ? [...new Set(outcome.errors)].map(indented)
      : [indented(outcome.error?.run.output.trim().split("\n").slice(-8).join("\n") ?? "")];
  const verification = outcome.failed.find(isVerification);
  const heading = interrupted
    ? "Interrupted."
    : verification
      ? `${intended.what}: carried out, and not verified.`
      : `${intended.what} failed.`;
  const further = lost ? await onceBack(stack, intended, failed) : next(stack, intended, failed);
  const lines = [heading, ...why, ...stateOf(stack, failed), ...further];
  return new OperatorError(
    lines.join("\n"),
    interrupted ? "interrupted" : untouched ? "refused" : verification && outcome.failed.length === 1 ? "unverified" : "halfway",
  );
}

const lastGood = "rollback last-good";

/** What looks at the update from inside the cluster. */
export const isVerification = ({ kind, name }: Resource): boolean => kind === "Job" && name.endsWith("-verification");

const putBack = ({ name }: OpenStack): string => `Nothing was changed: stacks/Pulumi.${name}.yaml is as it was.`;

function stateOf(stack: OpenStack, { outcome, untouched, step, of }: Failed): string[] {
  const before = step > 0 ? [`Steps 1 to ${step} of ${of} are done and stay.`] : [];
  if (untouched) return [...before, putBack(stack)];
  return [
    ...before,
    ...(outcome.done.length > 0 ? [`Done: ${listed(outcome.done)}.`] : []),
    ...(outcome.failed.length > 0 ? [`Not done: ${listed(outcome.failed)}.`] : []),
    `The levers in stacks/Pulumi.${stack.name}.yaml are those that this update aimed for; what runs is in part as they say.`,
  ];
}

function next(stack: OpenStack, { what, level }: Intended, { levers }: Failed): string[] {
  const further = level === undefined ? undefined : nextLevel(stack.plan, level, levers);
  return [
    "What to do next:",
    ...(further ? [`  rollback to ${further.name} --stack ${stack.name}    ${further.title}`] : []),
    ...(what === lastGood ? [] : [`  ${lastGood} --stack ${stack.name}    back to the last verified release`]),
    `  rollback status --stack ${stack.name}    what runs now`,
  ];
}

/** Whether the API server was not reached, in the words of this project's provider, the official one and Go's HTTP client. */
const isLost = (errors: readonly string[]): boolean =>
  errors.some((error) =>
    /Kubernetes API server at .* (cannot be reached|no longer answers)|Kubernetes cluster is unreachable|dial tcp|connection (refused|reset|lost)/.test(
      error,
    ),
  );

/** No level helps while the cluster does not answer. */
async function onceBack(stack: OpenStack, intended: Intended, { untouched }: Failed): Promise<string[]> {
  const { kubectl } = await accessCluster(stack);
  const again = untouched ? intended.what : intended.again;
  return [
    "What to do next:",
    `  ${kubectl} get pods    whether the cluster answers again`,
    `  ${again ? `${again} --stack ${stack.name}` : goOn(stack.name)}    then the same again${untouched ? "" : ", which goes on from there"}`,
    `  rollback status --stack ${stack.name}    what runs now`,
  ];
}

const goOn = (stack: string): string => `PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --yes --skip-preview --refresh --stack ${stack}`;

/** What to say where the level's objective is missed and something is awaited yet: nobody has to wait for that. */
export function late(stack: OpenStack, { rtoSeconds, level }: Intended, awaited: readonly Resource[], levers: RawLevers): string {
  const further = level === undefined ? undefined : nextLevel(stack.plan, level, levers);
  const then = further ? `, then: rollback to ${further.name} --stack ${stack.name}` : "";
  return `The RTO of ${rtoSeconds} s has passed; awaited yet: ${listed(awaited)}. It ends by itself; to end it now: Ctrl-C${then}`;
}

const listed = (resources: readonly Resource[]): string => resources.map(({ kind, name }) => `${kind} ${name}`).join(", ");

/** The level that the plan goes on to, else the next one in its order that asks nothing of a person. */
export function nextLevel(plan: Plan, level: string, levers: RawLevers): { name: string; title: string } | undefined {
  const order = Object.keys(plan.levels);
  const candidates = [...(plan.levels[level]?.next ?? []), ...order.slice(order.indexOf(level) + 1)];
  const name = candidates.find((each) => {
    const level = plan.levels[each];
    if (level && elsewhere(level, stackOf(levers)) !== undefined) return false;
    try {
      stepsOf(plan, each, levers, {});
      return true;
    } catch {
      return false;
    }
  });
  return name === undefined ? undefined : { name, title: plan.levels[name]?.title ?? name };
}

const indented = (text: string): string => text.replaceAll(/^/gm, "  ");
