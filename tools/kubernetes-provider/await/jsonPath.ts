/** Values of an object that a path selects; none where the path leads nowhere. */
export type Select = (object: unknown) => unknown[];

type Step = (value: unknown) => unknown[];
type Test = (value: unknown) => boolean;

const WILDCARD = /^(?:\.\*|\[\s*\*\s*\])/;
const NAME = /^\.((?:\\.|[^.[\]{}()\s=!<>&|'"\\])+)/;
const INDEX = /^\[\s*(-?\d+)\s*\]/;
const QUOTED = /^\[\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")\s*\]/;
const FILTER = /^\[\s*\?\s*(\()?\s*/;
const LITERAL = /^\s*(==|!=|<=|>=|<|>)\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|(true|false|null|-?\d+(?:\.\d+)?))/;

/**
 * A path as `kubectl get -o jsonpath` takes it, in its braces: `{.status.conditions[?(@.type=="Ready")].status}`. Names (a dot
 * inside one as `\.`), `['name']`, `[0]`, `[-1]`, `[*]` and filters that compare a path with a value; what prints (ranges,
 * templates) has no meaning for a wait.
 * @throws Error where it is none; the message says from which character on
 */
export function parseJsonPath(text: string): Select {
  const inner = /^\s*\{\s*\$?(.*?)\s*\}\s*$/s.exec(text)?.[1];
  if (inner === undefined) throw new Error("the path has to be in braces");
  const parser = new Parser(inner);
  const select = walk(parser.steps());
  parser.expect(/^$/, "a name such as .status, an index such as [0] or a filter such as [?(@.type=='Ready')]");
  return (object) => select(object);
}

class Parser {
  #rest: string;

  constructor(text: string) {
    this.#rest = text;
  }

  steps(): Step[] {
    const steps: Step[] = [];
    for (let step = this.#step(); step; step = this.#step()) steps.push(step);
    return steps;
  }

  expect(pattern: RegExp, what: string): void {
    if (!this.#take(pattern)) throw new Error(`expected ${what} at "${this.#rest}"`);
  }

  #step(): Step | undefined {
    if (this.#take(WILDCARD)) return children;
    const name = this.#take(NAME) ?? this.#take(QUOTED);
    if (name) return member(unquoted(name[1] ?? name[2] ?? ""));
    const index = this.#take(INDEX);
    if (index) return element(Number(index[1]));
    const filter = this.#take(FILTER);
    if (!filter) return undefined;
    const test = this.#either();
    this.expect(filter[1] ? /^\s*\)\s*\]/ : /^\s*\]/, "the end of the filter");
    return (value) => children(value).filter(test);
  }

  #either(): Test {
    const tests = [this.#all()];
    while (this.#take(/^\s*\|\|\s*/)) tests.push(this.#all());
    return (value) => tests.some((test) => test(value));
  }

  #all(): Test {
    const tests = [this.#comparison()];
    while (this.#take(/^\s*&&\s*/)) tests.push(this.#comparison());
    return (value) => tests.every((test) => test(value));
  }

  #comparison(): Test {
    this.expect(/^@/, "a comparison such as @.type=='Ready'");
    const select = walk(this.steps());
    const literal = this.#take(LITERAL);
    if (!literal) return (value) => select(value).length > 0;
    const [, operator = "", single, double, other] = literal;
    const wanted = other === undefined ? unquoted(single ?? double ?? "") : JSON.parse(other);
    return (value) => select(value).some((found) => compare(found, operator, wanted));
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    const match = pattern.exec(this.#rest);
    if (!match) return undefined;
    this.#rest = this.#rest.slice(match[0].length);
    return match;
  }
}

function walk(steps: Step[]): Select {
  return (object) => steps.reduce<unknown[]>((values, step) => values.flatMap(step), [object]);
}

function children(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}

function member(name: string): Step {
  return (value) =>
    typeof value === "object" && value !== null && Object.hasOwn(value, name) ? [(value as Record<string, unknown>)[name]] : [];
}

function element(index: number): Step {
  return (value) => {
    const at = Array.isArray(value) && index < 0 ? value.length + index : index;
    return Array.isArray(value) && at in value ? [value[at]] : [];
  };
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/gs, "$1");
}

function compare(found: unknown, operator: string, wanted: string | number | boolean | null): boolean {
  if (operator === "==") return found === wanted;
  if (operator === "!=") return found !== wanted;
  if (wanted === null || typeof found !== typeof wanted) return false;
  const [left, right] = [found as string, wanted as string];
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  return operator === ">" ? left > right : left >= right;
}
