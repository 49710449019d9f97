import { Unreachable } from "./errors.ts";
import type { Runtime } from "./runtime.ts";
import type { Props } from "./values.ts";

/** Whether `skipUpdateUnreachable` is set and the cluster cannot be reached now: then nothing is compared with it or changed in it. */
export async function isLeftAlone({ client, skipUpdateUnreachable }: Runtime): Promise<boolean> {
  if (!skipUpdateUnreachable) return false;
  return client.greet().then(
    () => false,
    (error) => error instanceof Unreachable,
  );
}

/** What state has of an object, where it is left as it is because the cluster cannot be reached. */
export async function asLeft(runtime: Runtime, urn: string, known: Props): Promise<Props | undefined> {
  if (Object.keys(known).length === 0 || !(await isLeftAlone(runtime))) return undefined;
  runtime.reporter.log(urn, "warning", "left as it is: its cluster cannot be reached and skipUpdateUnreachable is set");
  return known;
}
