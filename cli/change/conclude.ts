import { OperatorError } from "../operatorError.ts";
import { probeLine } from "../probeLine.ts";
import type { Screen } from "../screen.ts";
import type { RawLevers } from "../stack/levers.ts";
import type { OpenStack } from "../stack/open.ts";
import { verifyFromOutside } from "../verify.ts";
import { nextLevel } from "./failure.ts";
import type { Intended } from "./intended.ts";

export interface Carried {
  startedAt: number;
  /** As they are now. */
  levers: RawLevers;
  /** Whether the Job in the cluster has looked at it, as a part of the update. */
  byJob: boolean;
}

const seconds = (from: number): string => `${((Date.now() - from) / 1000).toFixed(1)} s`;

/** Looks at what was carried out from outside, and says how it ended and what comes after. @throws {OperatorError} where a probe does not hold. */
export async function concludeVerified(
  stack: OpenStack,
  intended: Intended,
  { startedAt, levers, byJob }: Carried,
  screen: Screen,
): Promise<void> {
  const { print, colors } = screen;
  const updated = seconds(startedAt);
  const failed = inMaintenance(levers) ? 0 : await look(stack, intended, levers, byJob, screen);
  if (failed > 0) {
    const further = intended.level === undefined ? undefined : nextLevel(stack.plan, intended.level, levers);
    throw new OperatorError(
      `${intended.what}: carried out in ${updated}, and ${failed} of the probes from outside ${failed === 1 ? "does" : "do"} not hold.\n` +
        `What to do next:\n${further ? `  rollback to ${further.name} --stack ${stack.name}    ${further.title}\n` : ""}` +
        `  rollback verify --stack ${stack.name}    look again\n  rollback status --stack ${stack.name}    what runs now`,
      "unverified",
    );
  }
  const how = inMaintenance(levers)
    ? "not verified, since the system is in maintenance"
    : byJob
      ? "verified in the cluster and from outside"
      : "verified from outside";
  print(
    `\n${colors.green("✔")} ${colors.bold(intended.what)}: updated in ${updated}, ${how} after ${seconds(startedAt)} (RTO ${intended.rtoSeconds} s)`,
  );
  await intended.proof?.();
  if (intended.aftercare) afterwards(stack, intended, screen);
}

const inMaintenance = ({ maintenance }: RawLevers): boolean => String(maintenance) === "true";

/** How many probes do not hold. What puts load on the system has been looked at by the Job where there was one. */
async function look(stack: OpenStack, { what, level }: Intended, levers: RawLevers, byJob: boolean, screen: Screen): Promise<number> {
  const results = await verifyFromOutside(stack, {
    level: level === undefined ? undefined : stack.plan.levels[level],
    only: ({ type }) => !byJob || (type !== "errorRate" && type !== "latency"),
    levers,
    onResult: (result) => screen.print(probeLine(result, screen)),
    signal: new AbortController().signal,
  }).catch((error) => {
    if (!(error instanceof OperatorError)) throw error;
    if (!byJob) throw new OperatorError(`${what}: carried out, and not verified: ${error.message}`, "unverified");
    screen.note(`Not looked at from outside: ${error.message}`);
    return [];
  });
  return results.filter(({ passed }) => passed === false).length;
}

function afterwards({ plan }: OpenStack, { level }: Intended, { print, colors }: Screen): void {
  const watch = level === undefined ? [] : (plan.levels[level]?.watch ?? []);
  if (watch.length > 0) print(`\n${colors.bold("Keep an eye on")}`);
  for (const what of watch) print(`  ${what}`);
  for (const { within, title, steps } of plan.afterwards) {
    print(`\n${colors.bold(`Within ${within}: ${title}`)}`);
    for (const step of steps) print(`  - ${step}`);
  }
}
