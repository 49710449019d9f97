import { fingerprint } from "../fingerprint.ts";
import type { Levers } from "../levers/levers.ts";
import type { Database, Plan } from "../plan/plan.ts";

/**
 * What a run does to the database: `adopt` only sees that it has the revision, `up` and `down` go there by the plan's migration command,
 * `restore` brings an earlier backup's data back.
 */
export type Way = "adopt" | "up" | "down" | "restore";

/** One run of the steps, and what it was to lead to. */
export interface DatabaseRun {
  /** Counts up, so that a revision that comes back is another run. */
  number: number;
  way: Way;
  revision: string;
  restore?: string | undefined;
}

/** What of the database an update left. */
export interface DatabaseState {
  revision: string;
  /** The backup that its data were restored from, as long as the stack says so. */
  restore?: string | undefined;
  /** The run that made it so. */
  run: DatabaseRun;
  /** The app's image whose migration command knows the revision. */
  image: string;
  /** What each step found and did, by its name; of a backup where it is, how large, its digest, its rows, when it was restored. */
  evidence?: Record<string, unknown> | undefined;
  /** A later run, of an update that failed, that may have changed the database: which of the two it has is not known. */
  attempted?: DatabaseRun | undefined;
  /** The newest run that an update which failed began, whether it came to change anything or not. */
  begun?: number | undefined;
}

/** A run of this update, or the one before where nothing has to be done. */
export interface DatabaseMove {
  run: DatabaseRun;
  isOver: boolean;
  /** The app's image whose migration command takes the database there: whichever knows both revisions. */
  image: string;
}

export interface MoveArgs {
  plan: Plan;
  levers: Levers;
  /** What the update before left; nothing where no verified one had a database. */
  last: DatabaseState | undefined;
}

/** What an update does to the database; nothing where the stack has none. */
export function decideMove({ plan, levers, last }: MoveArgs): DatabaseMove | undefined {
  if (!plan.database || !levers.database) return undefined;
  const { revision, restore } = levers.database;
  if (last && isThere(last, { revision, restore })) return { run: last.run, isOver: true, image: last.image };
  const { attempted } = last ?? {};
  if (last && attempted && attempted.revision === revision && attempted.restore === restore) {
    return { run: attempted, isOver: false, image: imageFor(plan.database, levers, last, attempted) };
  }
  const from = attempted ?? last;
  const way = wayTo(plan.database, from, { revision, restore: restore === last?.restore ? undefined : restore });
  // One that changed nothing is not gone on with: its backup would be of another time.
  const run: DatabaseRun = { number: (last?.begun ?? last?.run.number ?? 0) + 1, way, revision, ...(way === "restore" && { restore }) };
  return { run, isOver: false, image: imageFor(plan.database, levers, last, run) };
}

type Goal = Pick<DatabaseState, "revision" | "restore">;

/** To take the backup's name away changes nothing. */
const isThere = ({ revision, restore, attempted }: DatabaseState, goal: Goal): boolean =>
  !attempted && revision === goal.revision && (goal.restore === undefined || restore === goal.restore);

export function wayTo(database: Database, from: Goal | undefined, { revision, restore }: Goal): Way {
  if (restore !== undefined) return "restore";
  const [was, is] = [from && ageOf(database, from.revision), ageOf(database, revision)];
  if (was === undefined || was === is) return "adopt";
  return is > was ? "up" : "down";
}

/** Its place among the plan's revisions, the oldest first; -1 of one that the plan does not know. */
export const ageOf = ({ revisions }: Database, revision: string): number => revisions.findIndex(({ name }) => name === revision);

/** Down: what ran there. Up: what is new, unless what ran before knows it. */
function imageFor(database: Database, levers: Levers, last: DatabaseState | undefined, { way, revision }: DatabaseRun): string {
  const known = last !== undefined && ageOf(database, revision) <= ageOf(database, last.revision);
  return last && way !== "adopt" && known ? last.image : newest(levers);
}

/** The canary's image is the one that is being introduced. */
const newest = ({ canary, stable }: Levers): string => canary?.image ?? stable.image;

/** What the update leaves once it is verified, but for the evidence. */
export function stateAfter({ run, isOver, image }: DatabaseMove, levers: Levers): DatabaseState {
  const restore = levers.database?.restore;
  return {
    revision: run.revision,
    ...(restore !== undefined && { restore }),
    run: inOrder(run),
    image: run.way === "down" && !isOver ? newest(levers) : image,
  };
}

/** As a new run has its keys. The record's come back in the alphabet's order, and whether something changed is told by its text. */
export function inOrder({ number, way, revision, restore }: DatabaseRun): DatabaseRun {
  return { number, way, revision, ...(restore !== undefined && { restore }) };
}

/** Backups that the last verified update or the stack names. */
export function namedBackups(last: DatabaseState | undefined, { restore }: Pick<NonNullable<Levers["database"]>, "restore">): string[] {
  const { file } = Object(last?.evidence?.backup) as { file?: string };
  return [...new Set([file, last?.restore, restore].filter((name) => name !== undefined))];
}

/** Name of the steps on a system's database, and of their Jobs' service account. */
export const databaseName = (system: string): string => `${system}-database`;

/** What the objects of a run are named by. */
export const runName = (name: string, { number, way, revision, restore }: DatabaseRun): string =>
  `${name}-${fingerprint(number, way, revision, restore)}`;
