import { commandLine, leverArguments, typed } from "../../components/levers/commands.ts";
import { configAt } from "../../components/levers/pulled.ts";
import { isObject } from "../../components/levers/scalars.ts";
import type { PlanLever, Step } from "../../components/plan/plan.ts";
import { type RawLevers, withLever } from "../stack/levers.ts";
import { shown } from "../text.ts";

/** A step of a level as it is for one stack, today. */
export interface PulledStep {
  title?: string | undefined;
  withinSeconds?: number | undefined;
  /** `canary.weight: 25 → 0`, a line a lever. */
  becomes: string[];
  /** As typed; what a person has to choose stands in `<…>`. */
  commands: string[];
}

/** The steps of a level, each from what the one before left. */
export function pulledSteps(steps: readonly Step[], now: RawLevers, stack: string): PulledStep[] {
  let levers = now;
  return steps.map(({ title, withinSeconds, levers: pulled }) => {
    const [becomes, commands]: [string[], string[]] = [[], []];
    for (const lever of pulled) {
      const { says, command, value } = resolved(lever, levers, stack);
      becomes.push(...changed(lever.path, configAt(levers, lever.path), says));
      commands.push(command);
      levers = withLever(levers, lever.path.split("."), value);
    }
    return { title, withinSeconds, becomes, commands: [...commands, commandLine(["up", "--stack", stack])] };
  });
}

/** What goes as a whole is named part by part. */
function changed(path: string, before: unknown, says: string): string[] {
  if (isObject(before)) return Object.entries(before).flatMap(([key, inner]) => changed(`${path}.${key}`, inner, says));
  return [`${path}: ${shown(before) === says ? `${says} already` : `${shown(before)} → ${says}`}`];
}

interface Resolved {
  says: string;
  command: string;
  value: unknown;
}

function resolved(lever: PlanLever, levers: RawLevers, stack: string): Resolved {
  const asWritten = `${typed(lever)} --stack ${stack}`;
  if ("remove" in lever) return { says: shown(undefined), command: asWritten, value: undefined };
  if ("sameAs" in lever) {
    const value = configAt(levers, lever.sameAs);
    if (value === undefined || isObject(value) || Array.isArray(value)) {
      const says = value === undefined ? `what ${lever.sameAs} names, which is not set` : `as ${lever.sameAs}`;
      return { says, command: asWritten, value };
    }
    return { says: shown(value), command: setting(lever.path, String(value), stack), value };
  }
  const { value, chosen } = lever;
  if (chosen !== undefined) return { says: `<${chosen}>, yours to choose; for example ${value}`, command: asWritten, value };
  return { says: shown(value), command: asWritten, value };
}

const setting = (path: string, value: string, stack: string): string => commandLine([...leverArguments({ path, value }), "--stack", stack]);
