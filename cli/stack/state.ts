import { RecordError, type ReleaseRecord, readRecord } from "../../components/releaseRecord.ts";
import type { CommandRun } from "../../pulumi/pulumi.ts";
import { OperatorError } from "../operatorError.ts";
import { damaged } from "./damaged.ts";
import { explained } from "./explained.ts";
import type { OpenStack } from "./open.ts";

/** A resource as the state has it. Secret parts of its inputs are not read. */
export interface StateResource {
  type: string;
  urn: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

export interface State {
  resources: StateResource[];
  /** What the last verified update left; nothing before the first one. */
  record: ReleaseRecord | undefined;
  /** What an update had begun when it was cut off. */
  pending: { type: string; name: string }[];
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** What the backend has of the stack. @throws {OperatorError} where it cannot be had. */
export async function readState(stack: OpenStack): Promise<State> {
  const { deployment } = await exported(stack);
  const resources: StateResource[] = deployment.resources ?? [];
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const release = root?.outputs?.release;
  const pending: { resource: StateResource }[] = deployment.pending_operations ?? [];
  return {
    resources,
    record: release === undefined ? undefined : legibleRecord(release),
    pending: pending.map(({ resource: { type, urn } }) => ({ type, name: nameOf(urn) })),
  };
}

/** As the backend has it, secrets encrypted. @throws {OperatorError} where it cannot be had. */
export async function exported(stack: OpenStack) {
  const run = await stack.pulumi.run(["stack", "export"]).catch(async (error) => {
    throw damaged(stack, error) ?? (await explained(error, stack));
  });
  return parsed(run);
}

function parsed({ stdout, command }: CommandRun) {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new OperatorError(`${command} did not print JSON:\n${stdout.slice(0, 500)}`);
  }
}

function legibleRecord(release: unknown): ReleaseRecord {
  try {
    return readRecord(release);
  } catch (error) {
    throw error instanceof RecordError ? new OperatorError(error.message, "refused") : error;
  }
}
