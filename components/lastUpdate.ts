import * as pulumi from "@pulumi/pulumi";
import { databaseSince } from "./database/ran.ts";
import { RecordError, type ReleaseRecord, readRecord } from "./releaseRecord.ts";
import { type StateResource, sinceFailed, tasksSince } from "./stackState.ts";

/**
 * The release record that the stack's last successful update left; nothing before the first one. Where an update failed
 * since, the record says so of what that one did: tasks that it ran, a change of the database, and a way into maintenance or out of it.
 * @param app the plan's `service.name`
 * @throws {pulumi.RunError} for a record that this version cannot read.
 */
export async function readLastUpdate(app: string): Promise<ReleaseRecord | undefined> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { value } = await new pulumi.StackReference("last-update", { name }).getOutputDetails("release");
  if (!value) return undefined;
  const last = orRefusal(value);
  if (last.version === undefined) pulumi.log.warn(ofBefore);
  // Not at the same time: the engine writes the stack's state when a reference is read, and whoever reads it just then finds half of it.
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: name });
  const state: StateResource[] = Object.values(outputs);
  const record = sinceFailed(last, state, app);
  const database = record.database && databaseSince(record.database, state);
  return { ...record, tasks: tasksSince(record.tasks, state), ...(database && { database }) };
}

const ofBefore =
  "release: the last update was made by an earlier version of rollback-stacks, which did not record the levers nor since when: " +
  "what cannot be told to have been there before counts as new. The next verified update records it.";

function orRefusal(value: unknown): ReleaseRecord {
  try {
    return readRecord(value);
  } catch (error) {
    throw error instanceof RecordError ? new pulumi.RunError(error.message) : error;
  }
}
