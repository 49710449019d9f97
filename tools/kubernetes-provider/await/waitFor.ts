import { InputError } from "../errors.ts";
import type { KubeObject } from "../objects.ts";
import { type Awaiter, ready, type Verdict } from "./awaiter.ts";
import { conditionsOf, isCurrent, reasonOf, unseen } from "./conditions.ts";
import { parseJsonPath } from "./jsonPath.ts";

type Expectation = (object: KubeObject) => Verdict;

const FORMS = "jsonpath={.path}, jsonpath={.path}=value, condition=Type, condition=Type=Status, or a JSON array of these";

/**
 * Waits for what `pulumi.com/waitFor` asks, as the official provider defines it, in place of what the kind itself would wait for.
 * @throws InputError where it is malformed
 */
export function waitFor(annotation: string): Awaiter {
  const expectations = listOf(annotation).map(parse);
  return { assess: ({ object }) => expectations.map((expect) => expect(object)).find(({ state }) => state !== "ready") ?? ready };
}

function listOf(annotation: string): string[] {
  if (!annotation.trimStart().startsWith("[")) return [annotation];
  let list: unknown;
  try {
    list = JSON.parse(annotation);
  } catch (error) {
    throw malformed(annotation, `it is no JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(list) || list.length === 0 || list.some((item) => typeof item !== "string")) {
    throw malformed(annotation, "the array has to hold one or more strings");
  }
  return list;
}

function parse(expression: string): Expectation {
  const [, form, rest = ""] = /^(jsonpath|condition)=(.*)$/s.exec(expression) ?? [];
  if (form === "jsonpath") return pathExpectation(expression, rest);
  if (form === "condition") return conditionExpectation(expression, rest);
  throw malformed(expression, "it begins with neither jsonpath= nor condition=");
}

function malformed(expression: string, why: string): InputError {
  return new InputError(`metadata.annotations["pulumi.com/waitFor"]: cannot wait for ${expression || '""'}: ${why}; expected ${FORMS}`);
}

/** The path with its braces, and what follows them; a brace inside quotes is text. */
const PATH_AND_VALUE = /^(\{(?:[^{}'"]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")*\})(?:=(.*))?$/s;

function pathExpectation(expression: string, rest: string): Expectation {
  if (/^['"]/.test(rest)) throw malformed(expression, "leave out the shell's quotes");
  const [, path, wanted] = PATH_AND_VALUE.exec(rest) ?? [];
  if (!path) throw malformed(expression, "the path has to be in braces");
  if (wanted === "") throw malformed(expression, "a value is missing after =");
  if (wanted?.includes("=")) throw malformed(expression, "its value contains another =");
  if (wanted?.startsWith("{")) throw malformed(expression, "a path can be compared with a plain value only");
  const select = selectorOf(expression, path);
  const waiting = (found: string): Verdict => ({
    state: "waiting",
    progress: `waiting for ${path}${wanted === undefined ? "" : `=${wanted}`}`,
    causes: [found],
  });
  return (object) => {
    const [value] = select(object);
    if (value === undefined) return waiting("it is not there yet");
    if (wanted === undefined) return ready;
    if (typeof value === "object" && value !== null) {
      return {
        state: "failed",
        causes: [`pulumi.com/waitFor: ${path} is ${Array.isArray(value) ? "a list" : "an object"}, never ${wanted}`],
      };
    }
    return String(value) === wanted ? ready : waiting(`it is ${value}`);
  };
}

function selectorOf(expression: string, path: string): (object: unknown) => unknown[] {
  try {
    return parseJsonPath(path);
  } catch (error) {
    throw malformed(expression, (error as Error).message);
  }
}

function conditionExpectation(expression: string, rest: string): Expectation {
  const [, type, wanted = "True"] = /^([^=]+)(?:=(.+))?$/s.exec(rest) ?? [];
  if (!type) throw malformed(expression, "a condition's type, and a status after a second =, are missing");
  return (object) => {
    const found = conditionsOf(object).find((condition) => sameText(condition.type, type));
    const progress = `waiting for condition ${type}=${wanted}`;
    if (!found) return { state: "waiting", progress, causes: ["no controller has reported it"] };
    if (!isCurrent(object, found)) return unseen;
    if (sameText(found.status, wanted)) return ready;
    return { state: "waiting", progress, causes: [`it is ${found.status}`, ...reasonOf(found)] };
  };
}

/** `kubectl wait` compares without regard to case, too. */
function sameText(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
