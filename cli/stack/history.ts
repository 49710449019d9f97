import { isObject } from "../../components/levers/scalars.ts";
import { explained } from "./explained.ts";
import type { OpenStack } from "./open.ts";
import { secret } from "./stackDocument.ts";

/** An update as the backend remembers it. */
export interface PastUpdate {
  startedAt: string;
  /** Nothing while it is going on, or where it was killed. */
  endedAt: string | undefined;
  result: "succeeded" | "failed" | "in-progress";
  message: string;
  /** The levers it was made of; encrypted parts are `(secret)`. */
  levers: Record<string, unknown>;
}

interface Entry {
  kind: string;
  startTime: string;
  endTime?: string;
  message?: string;
  result: PastUpdate["result"];
  config?: Record<string, { value?: string; objectValue?: unknown; secret: boolean }>;
}

/** Before what an operator did to a stack's data, which changes no lever: in the history as a refresh. */
const dataWork = "rollback data ";

export const isDataWork = ({ message }: Pick<PastUpdate, "message">): boolean => message.startsWith(dataWork);

/** The newest updates first, previews and refreshes left out. @throws {OperatorError} where they cannot be had. */
export async function readHistory(stack: OpenStack, count: number): Promise<PastUpdate[]> {
  return (await readWork(stack, count)).filter((past) => !isDataWork(past));
}

/** The same, with work on data in between. */
export async function readWork(stack: OpenStack, count: number): Promise<PastUpdate[]> {
  const args = ["stack", "history", "--json", "--page-size", String(count), "--page", "1"];
  const { stdout } = await stack.pulumi.run(args).catch(async (error) => {
    throw await explained(error, stack);
  });
  // What says nothing yet prints no JSON but a sentence.
  const entries: Entry[] = stdout.trim().startsWith("[") ? JSON.parse(stdout) : [];
  const work = entries.filter(({ kind, message = "" }) => kind === "update" || isDataWork({ message }));
  return work.map((entry) => pastUpdate(entry, `${stack.project.name}:`));
}

function pastUpdate({ startTime, endTime, message = "", result, config = {} }: Entry, prefix: string): PastUpdate {
  const own = Object.entries(config).flatMap(([key, { value, objectValue, secret: encrypted }]) => {
    if (!key.startsWith(prefix)) return [];
    return [[key.slice(prefix.length), encrypted ? secret : (objectValue ?? value)] as const];
  });
  // An empty map is Pulumi.yaml's default for a lever that is not set.
  const levers = own.filter(([, value]) => !(isObject(value) && Object.keys(value).length === 0));
  return { startedAt: startTime, endedAt: endTime, result, message, levers: Object.fromEntries(levers) };
}
