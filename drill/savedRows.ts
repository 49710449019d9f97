/** Whether the rows that clients were told of are in the database: looked for one by one, never sampled. */

import type { ToldRow } from "./restoration.ts";
import type { RequestRecord } from "./safety.ts";

/** The rows of every answer since the drill began. */
export interface SavedRows {
  /** When they were looked for: once the level was carried out, once what a restore lost was recovered, or once the before state was back. */
  after: "the level" | "the recovery" | "the way back";
  told: number;
  /** Ids of those that are not in the database, or that more than one client was told. */
  missing: string[];
}

/** Those of the ids that the database has a row of, each once. */
export type Lookup = (ids: readonly string[]) => Promise<string[]>;

/** The book of what clients were told, over all levels of a drill: what one level saved, the next must not lose either. */
export class SavedRowsBook {
  readonly #told: ToldRow[] = [];
  readonly #lookup: Lookup;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  get told(): readonly ToldRow[] {
    return this.#told;
  }

  /** Notes what these answers told. */
  note(records: readonly RequestRecord[]): void {
    for (const { saved, startedAt, endedAt } of records) if (saved !== null) this.#told.push({ id: saved, startedAt, endedAt });
  }

  /** Those of the rows told so far that the database has. */
  async look(): Promise<Set<string>> {
    return new Set(await this.#lookup(this.#told.map(({ id }) => id)));
  }

  /** Looks for every row told so far. */
  async check(after: SavedRows["after"]): Promise<SavedRows> {
    const found = await this.look();
    const missing = this.#told.filter(({ id }) => !found.delete(id)).map(({ id }) => id);
    return { after, told: this.#told.length, missing };
  }
}

/** "2412 told, 2412 there". */
export function toldAndThere({ told, missing }: SavedRows): string {
  return `${told} told, ${told - missing.length} there`;
}

const named = 10;

/** The first ids, and how many more there are. */
export function namedIds(ids: readonly string[]): string {
  const others = ids.length > named ? `, and ${ids.length - named} more` : "";
  return `${ids.slice(0, named).join(", ")}${others}`;
}

/** What is wrong with a count, as a person would say it; nothing where every row is there. */
export function lostRows({ after, told, missing }: SavedRows): string[] {
  if (told === 0) return [`no client was told of a saved row until ${after} was over: that none was lost proves nothing`];
  if (missing.length === 0) return [];
  const all = missing.length > named ? ", all in journal.json" : "";
  return [
    `${missing.length} of ${told} saved rows that clients were told of are not in the database after ${after}: ${namedIds(missing)}${all}`,
  ];
}
