import { revisionPlace } from "./database.ts";
import type { Plan } from "./plan.ts";

/** Where a plan contradicts itself about its database, each with its path. */
export function revisions({ database, levels, queries }: Plan): string[] {
  const names = (database?.revisions ?? []).map(({ name }) => name);
  const unknown = Object.entries(queries).flatMap(([name, { since }]) =>
    since === undefined || names.includes(since)
      ? []
      : [`queries.${name}.since: "${since}" is not one of this plan's revisions (${names.join(", ") || "it has none"})`],
  );
  if (!database) return [...unknown, ...withoutDatabase(levels)];
  return [
    ...unknown,
    ...names.flatMap((name, index) =>
      names.indexOf(name) === index
        ? []
        : [`database.revisions[${index}].name: ${name} is there twice, the first time as entry ${names.indexOf(name)}`],
    ),
    ...(database.commands.to.some((word) => word.includes(revisionPlace))
      ? []
      : [`database.commands.to: does not say where the revision goes; expected ${revisionPlace} in it`]),
    ...withATrack(levels),
  ];
}

/** What an update takes away, it takes away last: pods of such a track would write while the database changes, for which its steps wait. */
function withATrack(levels: Plan["levels"]): string[] {
  return Object.entries(levels).flatMap(([name, { steps }]) =>
    steps.flatMap(({ levers }, step) => {
      const gone = levers.find((lever) => "remove" in lever && ["canary", "fallback"].includes(lever.path));
      if (!gone || !levers.some(({ path }) => path === "database.revision")) return [];
      return [
        `levels.${name}.steps[${step}]: ${gone.path} is taken away while database.revision changes; expected a step of its own before`,
      ];
    }),
  );
}

function withoutDatabase(levels: Plan["levels"]): string[] {
  return Object.entries(levels).flatMap(([name, { steps }]) =>
    steps.flatMap(({ levers }, step) =>
      levers.flatMap(({ path }, index) =>
        path.startsWith("database.")
          ? [`levels.${name}.steps[${step}].levers[${index}]: ${path} cannot be pulled, since the plan has no database`]
          : [],
      ),
    ),
  );
}
