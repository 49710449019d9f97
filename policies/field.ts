/** A field of a resource: where it stands, and what stands there. */
export class Field {
  /** As a program writes it: `spec.containers[0].image`, `data["app.properties"]`. */
  readonly path: string;
  readonly #read: () => unknown;

  private constructor(path: string, read: () => unknown) {
    this.path = path;
    this.#read = read;
  }

  static of(inputs: unknown): Field {
    return new Field("", () => inputs);
  }

  /**
   * What stands there; undefined where nothing does.
   * @throws {Error} where a preview does not know it: see {@link isUnknown}.
   */
  // biome-ignore lint/suspicious/noExplicitAny: whatever a program wrote
  get value(): any {
    return this.#read();
  }

  /** A field within: `at("resources", "limits", "memory")`. */
  at(...keys: readonly (string | number)[]): Field {
    return keys.reduce<Field>((field, key) => new Field(field.path + step(field.path, key), () => Object(field.value)[key]), this);
  }

  /** Of a list; none where there is no list. */
  items(): Field[] {
    const list = this.value;
    // By its length alone: one unknown item says nothing of the others.
    return Array.isArray(list) ? Array.from({ length: list.length }, (_, index) => this.at(index)) : [];
  }

  /** Of a map, by key. */
  entries(): [string, Field][] {
    return Object.keys(Object(this.value)).map((key) => [key, this.at(key)]);
  }
}

function step(path: string, key: string | number): string {
  if (typeof key === "number") return `[${key}]`;
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `[${JSON.stringify(key)}]`;
  return path === "" ? key : `.${key}`;
}

/** Whether an error is `@pulumi/policy`'s word that a preview does not know a value yet. */
export const isUnknown = (error: unknown): boolean => error instanceof Error && "unknownTypeSentinel" in error;
