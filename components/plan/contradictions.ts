import { changesDatabase } from "../levers/elsewhere.ts";
import { leversSchema } from "../levers/levers.ts";
import { leverProblem } from "../levers/path.ts";
import { flagStates } from "./flagStates.ts";
import { fieldsIn } from "./message.ts";
import { milestones } from "./milestones.ts";
import { outOfService } from "./outOfService.ts";
import type { Level, Plan, PlanLever } from "./plan.ts";
import { impossibleProbes } from "./probes.ts";
import { revisions } from "./revisions.ts";
import { sharedNames } from "./sharedNames.ts";
import { sharedVariables } from "./sharedVariables.ts";

type Problem = string;

/** Where a plan whose every field is well-formed contradicts itself, each with its path. */
export function contradictions(plan: Plan): Problem[] {
  return [
    ...capacity(plan),
    ...providers(plan),
    ...sharedVariables(plan),
    ...sharedNames(plan),
    ...beforeState(plan),
    ...flagStates(plan),
    ...levels(plan),
    ...impossibleProbes(plan, leversSchema(plan)),
    ...unreachable(plan),
    ...pinnedByReplicas(plan),
    ...outOfService(plan),
    ...revisions(plan),
    ...callsForLevels(plan),
    ...candidateErrors(plan),
    ...people(plan),
    ...repairs(plan),
    ...milestones(plan),
    ...messages(plan),
  ];
}

function notAmong(path: string, name: string | undefined, known: readonly string[], what: string): Problem[] {
  if (name === undefined || known.includes(name)) return [];
  return [`${path}: "${name}" is not one of this plan's ${what} (${known.join(", ") || "it has none"})`];
}

function capacity({ service: { autoscaling, replicas, resources } }: Plan): Problem[] {
  if (!autoscaling) return [];
  const path = "service.autoscaling";
  return [
    ...(autoscaling.maxReplicas < replicas
      ? [`${path}.maxReplicas: ${autoscaling.maxReplicas} is less than full capacity, ${replicas}`]
      : []),
    ...(resources.requests.cpu === undefined
      ? [`${path}.cpuPercent: is a percentage of service.resources.requests.cpu, which is missing`]
      : []),
  ];
}

function providers({ providers: { fallback, candidate, known } }: Plan): Problem[] {
  const names = Object.keys(known);
  return [
    ...notAmong("providers.fallback", fallback, names, "providers"),
    ...notAmong("providers.candidate", candidate, names, "providers"),
  ];
}

function beforeState({ before, features, providers: { fallback, known } }: Plan): Problem[] {
  return [
    ...Object.keys(before.features).flatMap((name) => notAmong(`before.features.${name}`, name, Object.keys(features), "features")),
    ...notAmong("before.aiProvider", before.aiProvider, Object.keys(known), "providers"),
    ...[before.stable, before.canary].flatMap((track, index) =>
      notAmong(`before.${index === 0 ? "stable" : "canary"}.aiProvider`, track?.aiProvider, [fallback], "fallback providers"),
    ),
  ];
}

/** Levels that have nothing to act on, or nothing to do, in the before state. */
function unreachable({ before, levels }: Plan): Problem[] {
  return Object.entries(levels).flatMap(([name, level]) => {
    const pulled = new Set<string>();
    return leversOf(level).flatMap(({ at, lever }) => {
      const { path } = lever;
      const first = !pulled.has(path);
      pulled.add(path);
      if (path.startsWith("canary.") && before.canary === undefined)
        return [`levels.${name}.${at}: ${path} cannot be pulled from the before state, which has no canary`];
      const now = path.split(".").reduce<unknown>((holder, key) => Object(holder)[key], before);
      const already = first && "value" in lever && now === lever.value;
      return already ? [`levels.${name}.${at}: ${path} is ${String(now)} in the before state already`] : [];
    });
  });
}

/** Levels that pin single requests but are not said to be for a Gateway. */
function pinnedByReplicas({ levels }: Plan): Problem[] {
  return Object.entries(levels).flatMap(([name, level]) => {
    const pin = leversOf(level).find(({ lever }) => lever.path.startsWith("pins."));
    if (pin === undefined || level.traffic === "gateway") return [];
    return [`levels.${name}.${pin.at}: ${pin.lever.path} needs a Gateway; say so with levels.${name}.traffic: "gateway"`];
  });
}

/** The levers of all steps, each with its path in the level. */
const leversOf = ({ steps }: Level): { at: string; lever: PlanLever }[] =>
  steps.flatMap(({ levers }, step) => levers.map((lever, index) => ({ at: `steps[${step}].levers[${index}]`, lever })));

function longerThanItsLevel(path: string, { steps, rtoSeconds }: Level): Problem[] {
  const allowed = steps.reduce((sum, { withinSeconds = 0 }) => sum + withinSeconds, 0);
  return allowed > rtoSeconds ? [`${path}.rtoSeconds: ${rtoSeconds} s is shorter than the ${allowed} s that its steps are allowed`] : [];
}

function levels(plan: Plan): Problem[] {
  const { rtoSeconds } = plan.objectives;
  const schema = leversSchema(plan);
  return Object.entries(plan.levels).flatMap(([name, level]) => {
    const path = `levels.${name}`;
    const late = `${path}.rtoSeconds: ${level.rtoSeconds} s is longer than the ${rtoSeconds} s that objectives.rtoSeconds promises for every level without the database`;
    return [
      // How long a database takes is a matter of its size (row M5 has 10 minutes beside M1's 5).
      ...(level.rtoSeconds > rtoSeconds && !changesDatabase(level) ? [late] : []),
      ...notAmong(`${path}.safe.provider`, level.safe.provider, Object.keys(plan.providers.known), "providers"),
      ...longerThanItsLevel(path, level),
      ...leversOf(level).flatMap(({ at, lever }) => {
        const problem = leverProblem(schema, lever);
        return problem === undefined ? [] : [`${path}.${at}: ${problem}`];
      }),
    ];
  });
}

function callsForLevels({ levels, triggers, decisions, objectives }: Plan): Problem[] {
  const names = Object.keys(levels);
  const others = (name: string) => names.filter((other) => other !== name);
  return [
    ...Object.entries(levels).flatMap(([name, level]) =>
      level.next.flatMap((next, index) => notAmong(`levels.${name}.next[${index}]`, next, others(name), "other levels")),
    ),
    ...Object.entries(triggers).flatMap(([name, { calls }]) => notAmong(`triggers.${name}.calls`, calls, names, "levels")),
    ...decisions.flatMap((decision, row) =>
      decision.levels.flatMap((level, index) => notAmong(`decisions[${row}].levels[${index}]`, level, names, "levels")),
    ),
    ...notAmong("objectives.drill.level", objectives.drill.level, names, "levels"),
  ];
}

/** Only a candidate's errors call for leaving it. */
function candidateErrors({ triggers, providers }: Plan): Problem[] {
  if (providers.candidate !== undefined) return [];
  return Object.entries(triggers).flatMap(
    ([
      name,
      {
        signal: { type },
      },
    ]) =>
      type === "providerErrors" || type === "providerErrorRate"
        ? [`triggers.${name}.signal: ${type} counts the candidate's errors, and providers.candidate is not set`]
        : [],
  );
}

function people({ contacts, onCall, escalation, decisions }: Plan): Problem[] {
  const roles = Object.keys(contacts);
  const known = (path: string, role: string | undefined): Problem[] => notAmong(path, role, roles, "contacts");
  const early = escalation.findIndex(({ afterMinutes }, step) => afterMinutes < (escalation[step - 1]?.afterMinutes ?? 0));
  return [
    ...Object.entries(contacts).flatMap(([role, { escalatesTo }]) => known(`contacts.${role}.escalatesTo`, escalatesTo)),
    ...onCall.flatMap(({ primary, backup }, index) => [
      ...known(`onCall[${index}].primary`, primary),
      ...known(`onCall[${index}].backup`, backup),
    ]),
    ...escalation.flatMap(({ role }, step) => known(`escalation[${step}].role`, role)),
    ...(early > 0 ? [`escalation[${early}].afterMinutes: comes before the step above it; list them in the order of minutes`] : []),
    ...decisions.flatMap(({ approvedBy }, row) =>
      approvedBy.flatMap((role, index) => known(`decisions[${row}].approvedBy[${index}]`, role)),
    ),
  ];
}

function repairs({ repairs, queries }: Plan): Problem[] {
  const provable = Object.keys(queries).filter((name) => queries[name]?.expect !== undefined);
  return Object.entries(repairs).flatMap(([name, { provenBy }]) =>
    notAmong(`repairs.${name}.provenBy`, provenBy, provable, "queries that expect an answer"),
  );
}

function messages(plan: Plan): Problem[] {
  return Object.entries(plan.messages).flatMap(([name, { subject = "", text, fields }]) => {
    const asked = new Set(fieldsIn(`${subject}\n${text}`));
    const unfilled = [...asked].filter((field) => fields[field] === undefined);
    const unused = Object.keys(fields).filter((field) => !asked.has(field));
    return [
      ...unfilled.map((field) => `messages.${name}: {${field}} has nothing to fill it; name it in messages.${name}.fields`),
      ...unused.map((field) => `messages.${name}.fields.${field}: neither subject nor text has {${field}}`),
    ];
  });
}
