interface Registered {
  /** Whether a provider manages it: components are nothing in the cluster. */
  custom: boolean;
  /** Keys of what it depends on, and of the component it is a part of. */
  after: readonly string[];
}

/** Keys of the custom resources that one waits for. What a component waits for, its parts wait for. */
export function awaited(key: string, registered: ReadonlyMap<string, Registered>): Set<string> {
  const found = new Set<string>();
  for (const other of registered.get(key)?.after ?? []) {
    if (registered.get(other)?.custom) found.add(other);
    else for (const beyond of awaited(other, registered)) found.add(beyond);
  }
  return found;
}
