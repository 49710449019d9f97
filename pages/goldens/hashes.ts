import type { Resource, Resources } from "./update.ts";

const endsInHash = /^(|.*-)([0-9a-f]{10})$/s;

/**
 * Names that end in a hash of their content, with #1, #2, … in its place, in the order in which they came: a reader sees that the
 * content is another one, and nothing changes because something that is not shown did.
 */
export class Hashes {
  readonly #numbers: Map<string, Map<string, number>>;

  constructor(known: Iterable<[string, Map<string, number>]> = []) {
    this.#numbers = new Map([...known].map(([base, numbers]) => [base, new Map(numbers)]));
  }

  /** These, with what comes later told apart from what comes later there. */
  fork(): Hashes {
    return new Hashes(this.#numbers);
  }

  /** The resources with numbers for hashes, in their names and everywhere else. */
  number(resources: Resources): Resources {
    const inOrder = [...resources].sort(([a], [b]) => (a < b ? -1 : 1));
    return new Map(inOrder.map(([key, resource]) => [this.#text(key), this.#resource(resource)]));
  }

  #resource({ type, name, inputs, waitsFor }: Resource): Resource {
    return {
      type,
      name: this.#text(name),
      inputs: this.#value(inputs) as Resource["inputs"],
      waitsFor: waitsFor.map((key) => this.#text(key)),
    };
  }

  #value(value: unknown): unknown {
    if (typeof value === "string") return this.#text(value);
    if (Array.isArray(value)) return value.map((inner) => this.#value(inner));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#value(inner)]));
  }

  #text(text: string): string {
    const [, start, hash] = endsInHash.exec(text) ?? [];
    if (start === undefined || hash === undefined) return text;
    const base = start.split("::").at(-1) ?? start;
    const numbers = this.#numbers.get(base) ?? new Map<string, number>();
    this.#numbers.set(base, numbers);
    numbers.set(hash, numbers.get(hash) ?? numbers.size + 1);
    return `${start}#${numbers.get(hash)}`;
  }
}
