/** Something that is kept. */
export interface Item {
  /** In the folder. */
  path: string;
  /** For a person: `log of mindmend-backend-canary-…`. */
  what: string;
  read: () => Promise<string>;
}

/** Something that could not be got. */
export interface Missing {
  what: string;
  why: string;
}
