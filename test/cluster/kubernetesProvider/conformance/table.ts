export const columns = ["create", "no-op", "update", "replace", "drift", "import", "delete", "preview"] as const;
export type Column = (typeof columns)[number];

/** The conformance table: a cell is FAILED until its assertions have held. */
export class Table {
  readonly #titles: string[];
  readonly #held = new Set<string>();

  constructor(titles: string[]) {
    this.#titles = titles;
  }

  /** Runs a cell's assertions. */
  cell(title: string, column: Column, assertions: () => void): void {
    assertions();
    this.#held.add(`${title}/${column}`);
  }

  toString(): string {
    const lines = this.#titles.map((title) => [
      title,
      ...columns.map((column) => (this.#held.has(`${title}/${column}`) ? "ok" : "FAILED")),
    ]);
    const all = [["", ...columns], ...lines];
    const widths = ["", ...columns].map((_, index) => Math.max(...all.map((line) => (line[index] ?? "").length)));
    return all
      .map((line) =>
        line
          .map((text, index) => text.padEnd(widths[index] ?? 0))
          .join("  ")
          .trimEnd(),
      )
      .join("\n");
  }
}
