import type { Plan } from "./plan.ts";

type Named = [path: string, name: string];

/** What would be one and the same object in the cluster as another part of the plan, each with its path. */
export function sharedNames({ service, workers, features }: Plan): string[] {
  const functions = Object.entries(features).flatMap(([feature, definition]) =>
    Object.keys(definition.functions).map((name): Named => [`features.${feature}.functions.${name}`, name]),
  );
  const deployments = [
    ...Object.entries(service.tracks).map(([track, { deployment }]): Named => [`service.tracks.${track}.deployment`, deployment]),
    ...Object.entries(workers).map(([worker, { deployment }]): Named => [`workers.${worker}.deployment`, deployment]),
    ...functions,
  ];
  return [...shared(deployments), ...shared([["service.name", service.name], ...functions])].filter(first);
}

function shared(named: readonly Named[]): string[] {
  const owners = new Map<string, string>();
  return named.flatMap(([path, name]) => {
    const owner = owners.get(name);
    owners.set(name, owner ?? path);
    return owner ? [`${path}: ${name} is the name of ${owner} too`] : [];
  });
}

const first = (problem: string, index: number, problems: readonly string[]): boolean => problems.indexOf(problem) === index;
