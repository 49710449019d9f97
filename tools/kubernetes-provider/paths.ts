export type Step = string | number;

/** A property path as Pulumi writes it: `spec.containers[0].env`, `metadata.annotations["a.b/c"]`. */
export function formatPath(path: readonly Step[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/[."[\]]/.test(step)) text += `["${step.replaceAll('"', '\\"')}"]`;
    else text += text ? `.${step}` : step;
  }
  return text;
}

/** Reads a property path, `[*]` (or `*`) standing for any step. */
export function parsePath(text: string): Step[] {
  const steps: Step[] = [];
  for (const match of text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[\*\]|([^.[\]]+)/g)) {
    const [, quoted, index, plain] = match;
    if (quoted !== undefined) steps.push(quoted.replaceAll('\\"', '"'));
    else if (index !== undefined) steps.push(Number(index));
    else steps.push(plain ?? "*");
  }
  return steps;
}

/** Whether `path` lies at or below `pattern`. */
export function isUnder(path: readonly Step[], pattern: readonly Step[]): boolean {
  return pattern.length <= path.length && pattern.every((step, index) => matches(step, path[index]));
}

/** Whether one lies at or below the other. */
export function overlaps(path: readonly Step[], pattern: readonly Step[]): boolean {
  const shared = Math.min(path.length, pattern.length);
  return isUnder(path.slice(0, shared), pattern.slice(0, shared));
}

function matches(pattern: Step, step: Step | undefined): boolean {
  return pattern === "*" || pattern === step;
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: readonly Step[]): unknown {
  let current = value;
  for (const step of path) current = (current as Record<Step, unknown> | undefined | null)?.[step];
  return current;
}
