/** Which levels can be taken from here: each previewed on a copy of the stack's file. */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { elsewhere, stackOf } from "../../components/levers/elsewhere.ts";
import type { Plan } from "../../components/plan/plan.ts";
import { CommandError } from "../../pulumi/pulumi.ts";
import { obstaclesTo, told } from "../change/allowed.ts";
import { followingEvents } from "../change/events.ts";
import { type Chosen, stepsOf } from "../change/leversAfter.ts";
import { OperatorError } from "../operatorError.ts";
import { drilled } from "../stack/drilled.ts";
import { differences, editsOf, type RawLevers } from "../stack/levers.ts";
import type { OpenStack } from "../stack/open.ts";
import { edited } from "../stack/stackDocument.ts";
import type { State } from "../stack/state.ts";

export interface Possibility {
  level: string;
  title: string;
  /** `elsewhere`: a level for stacks whose traffic goes through a Gateway, or that have a database, of which this is none. */
  possible: "yes" | "no" | "elsewhere";
  /** What is in the way, each with the command that mends it. */
  why: string[];
  /** What the preview would change: `Deployment mindmend-backend`. */
  touches: string[];
  rtoSeconds: number;
  /** The last good rehearsal. */
  drill: { at: string; seconds: number } | null;
}

/** Looks at one level. Nothing is changed, and no lock is taken. */
export async function possibility(stack: OpenStack, state: State, name: string): Promise<Possibility> {
  const { plan, document } = stack;
  const level = plan.levels[name] as Plan["levels"][string];
  const common = { level: name, title: level.title, rtoSeconds: level.rtoSeconds, drill: drilled(stack)[name] ?? null };
  const none = elsewhere(level, stackOf(document.levers));
  if (none !== undefined) return { ...common, possible: "elsewhere", why: [none], touches: [] };
  try {
    const steps = stepsOf(plan, name, document.levers, examples(level));
    const obstacles = steps.flatMap(({ levers }) => obstaclesTo(stack, state, withLevel(levers, name)));
    if (obstacles.length > 0) return { ...common, possible: "no", why: [...new Set(obstacles.map(told))], touches: [] };
    const previews = [];
    for (const { levers } of steps) previews.push(await preview(stack, withLevel(levers, name)));
    const why = previews.flatMap((one) => one.why);
    return {
      ...common,
      possible: why.length === 0 ? "yes" : "no",
      why,
      touches: [...new Set(previews.flatMap((one) => one.touches))].sort(),
    };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { ...common, possible: "no", why: [error.message], touches: [] };
  }
}

const withLevel = (levers: RawLevers, level: string): RawLevers => ({ ...levers, change: { ...Object(levers.change), level } });

/** What a person would choose, as the plan's examples have it. */
const examples = ({ steps }: Plan["levels"][string]): Chosen =>
  Object.fromEntries(
    steps.flatMap(({ levers }) =>
      levers.flatMap((lever) => ("value" in lever && lever.chosen !== undefined ? [[lever.path, String(lever.value)]] : [])),
    ),
  );

async function preview(stack: OpenStack, levers: RawLevers): Promise<Pick<Possibility, "why" | "touches">> {
  const folder = mkdtempSync(join(tmpdir(), "rollback-check-"));
  const file = join(folder, "Pulumi.check.yaml");
  const pack = join(stack.project.folder, "policies");
  const [why, touches]: [string[], string[]] = [[], []];
  try {
    const text = edited(stack.document.text, stack.project.name, editsOf(differences(stack.document.levers, levers)));
    writeFileSync(file, text, { mode: 0o600 });
    await followingEvents(
      ({ resourcePreEvent, diagnosticEvent, policyEvent }) => {
        if (resourcePreEvent) touches.push(...touched(resourcePreEvent.metadata));
        if (policyEvent?.enforcementLevel === "mandatory") why.push(`${policyEvent.policyName}: ${policyEvent.message.trim()}`);
        if (diagnosticEvent?.severity === "error" && !diagnosticEvent.ephemeral) why.push(diagnosticEvent.message.trim());
      },
      async (log) => {
        const packs = existsSync(join(pack, "PulumiPolicy.yaml")) ? ["--policy-pack", pack] : [];
        await stack.pulumi.run(["preview", "--non-interactive", "--config-file", file, ...packs, "--event-log", log]);
      },
    );
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (why.length === 0) why.push(error.message);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { why, touches };
}

/** Kubernetes objects only; what a verification is made of is no part of the system. */
function touched({ op, urn, type }: { op: string; urn: string; type: string }): string[] {
  const name = urn.split("::").at(-1) ?? urn;
  if (!type.startsWith("kubernetes:") || ["same", "read", "refresh", "replace", "delete-replaced"].includes(op)) return [];
  return urn.includes(":Verification$") ? [] : [`${type.split(":").at(-1)} ${name}`];
}
