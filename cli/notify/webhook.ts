import { OperatorError } from "../operatorError.ts";

/** Who does not answer within so long has not got it. */
const timeoutMs = 10_000;
const shownOfAnswer = 200;

/** An address as typed. Its path may be a secret, so that only its origin is ever told. @throws {Error} for anything but http and https. */
export function webhookAddress(typed: string): URL {
  const address = URL.parse(typed);
  if (!address) throw new Error("expected an address, like https://hooks.example/services/…");
  if (!["http:", "https:"].includes(address.protocol)) throw new Error(`expected http or https, got ${address.protocol.slice(0, -1)}`);
  return address;
}

/** Posts `{ "text": … }`. A redirection is not followed: nobody named where it leads. @returns what answered. @throws {OperatorError} */
export async function post(address: URL, text: string): Promise<string> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: Error) => {
    throw new OperatorError(`not posted: ${address.origin} does not answer: ${whyOf(error)}`);
  });
  const said = await answer.text().catch(whyOf);
  const told = `${address.origin} answered ${[answer.status, answer.statusText].filter(Boolean).join(" ")}${said ? `: ${said.slice(0, shownOfAnswer)}` : ""}`;
  if (!answer.ok) throw new OperatorError(`not posted: ${told}`);
  return told;
}

/** What went wrong on the way; `fetch failed` is all that the error itself says. */
const whyOf = ({ cause, message }: Error): string => (cause instanceof Error ? cause.message || cause.name : message);
