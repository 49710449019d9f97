import type { Plan } from "./plan.ts";

type Variable = [path: string, name: string];

function strings(path: string, value: unknown): Variable[] {
  if (typeof value === "string") return [[path, value]];
  return Object.entries(value ?? {}).flatMap(([key, inner]) => strings(`${path}.${key}`, inner));
}

/** Environment variables that two parts of a plan would both set, each with its path. Providers may share theirs: a pod has one. */
export function sharedVariables({ providers, flags, settings, database, cache }: Plan): string[] {
  const owners = new Map<string, string>();
  for (const [name, { env, credentials }] of Object.entries(providers.known)) {
    for (const variable of [...Object.keys(env), ...Object.values(credentials)]) {
      owners.set(variable, owners.get(variable) ?? `providers.known.${name}`);
    }
  }
  const ofDatabase = Object.keys(database?.settings ?? {}).map((variable): Variable => [`database.settings.${variable}`, variable]);
  const variables: Variable[] = [
    ...Object.entries(settings).map(([name, { env }]): Variable => [`settings.${name}.env`, env]),
    ...Object.entries(flags.known).flatMap(([name, { env }]) => strings(`flags.known.${name}.env`, env)),
    ...strings("database.env", database?.env),
    ...strings("cache.env", cache?.env),
    ...ofDatabase,
  ];
  return variables.flatMap(([path, variable]) => {
    const owner = owners.get(variable);
    owners.set(variable, owner ?? path);
    return owner ? [`${path}: ${variable} is set by ${owner} too`] : [];
  });
}
