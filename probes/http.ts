import type { Probe } from "../components/plan/plan.ts";
import { callOf } from "./call.ts";
import { type Finding, notReal, type ProbeContext } from "./context.ts";
import { type Answer, reason } from "./request.ts";

const mostQuoted = 200;

/** One thing that is expected of an answer. */
interface Expectation {
  expected: string;
  found: string;
  met: boolean;
}

export async function lookAtAnswer(probe: Probe & { type: "http" }, { send, timeoutMs }: ProbeContext): Promise<Finding> {
  const expectations = (answer?: Answer) => expectationsOf(probe, answer);
  const list = (key: "expected" | "found", of: Expectation[]): string => of.map((one) => one[key]).join(", ");
  const expected = list("expected", expectations());
  if (send === null) return notReal(expected);
  try {
    const looked = expectations(await send(callOf(probe, timeoutMs)));
    return { expected, found: list("found", looked), passed: looked.every(({ met }) => met) };
  } catch (error) {
    return { expected, found: reason(error), passed: false };
  }
}

function expectationsOf({ status, answer: { contains, fields = {}, headers = {} } = {} }: Probe & { type: "http" }, answer?: Answer) {
  const json = parsed(answer?.body ?? "");
  const list: Expectation[] = [{ expected: `HTTP ${status}`, found: `HTTP ${answer?.status}`, met: answer?.status === status }];
  if (contains !== undefined) {
    const body = answer?.body ?? "";
    const met = body.includes(contains);
    list.push({ expected: `"${contains}" in the body`, found: met ? `"${contains}" in the body` : `the body ${quoted(body)}`, met });
  }
  for (const [path, value] of Object.entries(fields)) {
    const actual = path.split(".").reduce<unknown>((holder, key) => Object(holder)[key], json);
    list.push({ expected: `${path} ${JSON.stringify(value)}`, found: `${path} ${shown(actual)}`, met: actual === value });
  }
  for (const [name, value] of Object.entries(headers)) {
    const actual = answer?.headers[name.toLowerCase()];
    list.push({ expected: `${name}: ${value}`, found: `${name}: ${actual ?? "not sent"}`, met: actual === value });
  }
  return list;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const shown = (value: unknown): string => (value === undefined ? "not there" : quotedText(JSON.stringify(value)));
const quoted = (body: string): string => (body === "" ? "empty" : quotedText(JSON.stringify(body)));
const quotedText = (text: string): string => (text.length > mostQuoted ? `${text.slice(0, mostQuoted)}…` : text);
