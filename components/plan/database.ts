import { z } from "zod";
import { environmentName, seconds } from "./common.ts";

/** A state of the schema that the plan's migration command can go to. */
const revision = z.strictObject({
  /** As the migration command calls it; in quotes in a stack's file. */
  name: z.string().min(1),
  title: z.string(),
  /** Whether what its migration did cannot be undone: then there is no way below it but an earlier backup. */
  oneWay: z.boolean().default(false),
});

const command = z.array(z.string()).min(1);

/**
 * What backs a managed database up and restores it, with the provider's own commands: in an image that the stack names (lever
 * `database.managed`), which has the variables that it names, and in BACKUP what the backup is called. The last line that each prints is what
 * it found, as JSON; where it fails, it exits with another code than 0.
 */
const managed = z.strictObject({
  /** Makes a backup and proves it by a trial restore: `{ "file": what restores it, "takenAt", "restoredAt" }`. */
  backup: command,
  /** Brings back the backup that BACKUP names, in the place of the data in use: `{ "file" }`. */
  restore: command,
});

/** The database that a system keeps its data in; a stack says where it is (lever `database`). */
export const database = z.strictObject({
  /** Whose programs back it up and restore it. */
  engine: z.literal("postgresql"),
  /** Variables by which the app finds it: its address, and the file that holds the password. */
  env: z.strictObject({ url: environmentName, passwordFile: environmentName }),
  /** Other variables of pods that have a database. */
  settings: z.record(environmentName, z.string()).default({}),
  /** The oldest first. */
  revisions: z.array(revision).min(1),
  /** The team's own migration command, in the app's image. */
  commands: z.strictObject({
    /** Says which revision the database has: the first word of the last line that it prints. */
    current: command,
    /** Goes up or down to the revision that stands for `{revision}`, or leaves the database as it was. */
    to: command,
  }),
  /** For stacks whose database is a provider's. */
  managed: managed.optional(),
  /** The longest that one step on it may take, tries included. */
  timeoutSeconds: seconds.default(600),
});

/** What stands for the revision in {@link database}'s `commands.to`. */
export const revisionPlace = "{revision}";
