import http from "node:http";
import https from "node:https";
import { Interrupted } from "../errors.ts";

/** A host that does not answer within this counts as unreachable for the whole run. */
const probeMilliseconds = 4000;
/** A transfer without a byte for this long is given up. */
const stallMilliseconds = 20_000;
const mostRedirects = 5;

const probes = new Map<string, Promise<string | undefined>>();

/** Asks every origin at once whether it answers; returns the addresses on those that do. Later requests to the others fail without waiting. */
export async function probe(urls: string[], signal: AbortSignal): Promise<Set<string>> {
  const refusals = await Promise.all(urls.map((url) => unreachable(url, signal)));
  return new Set(urls.filter((_url, index) => refusals[index] === undefined));
}

function unreachable(url: string, signal: AbortSignal): Promise<string | undefined> {
  const { origin } = new URL(url);
  let answer = probes.get(origin);
  if (!answer) {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(probeMilliseconds)]);
    answer = send(origin, limited).then(
      (response) => {
        response.destroy();
        return undefined;
      },
      (error: Error) => error.message,
    );
    probes.set(origin, answer);
  }
  return answer;
}

/**
 * The body of a successful answer. Follows redirects (never from https to http) and the proxy variables (`HTTPS_PROXY`, …).
 * @throws Error that names the address and what happened.
 */
export async function get(url: string, signal: AbortSignal): Promise<http.IncomingMessage> {
  const refusal = await unreachable(url, signal);
  if (signal.aborted) throw new Interrupted();
  if (refusal) throw new Error(`${new URL(url).host} cannot be reached (${refusal})`);
  let address = url;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const response = await send(address, signal);
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return response;
    response.destroy();
    if (statusCode < 300 || statusCode >= 400 || !headers.location) throw new Error(`${address} answered ${statusCode}`);
    const next = new URL(headers.location, address);
    if (address.startsWith("https:") && next.protocol !== "https:") throw new Error(`${address} redirects to an unprotected address`);
    address = next.href;
  }
  throw new Error(`${url} redirects without end`);
}

export async function getText(url: string, signal: AbortSignal): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of await get(url, signal)) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function send(url: string, signal: AbortSignal): Promise<http.IncomingMessage> {
  const protocol = url.startsWith("https:") ? https : http;
  const agent = new protocol.Agent({ proxyEnv: process.env });
  return new Promise((resolve, reject) => {
    const request = protocol.get(url, { agent, signal, timeout: stallMilliseconds, headers: { "user-agent": "rollback-stacks" } }, resolve);
    request.on("timeout", () => request.destroy(new Error(`${new URL(url).host} sent nothing for ${stallMilliseconds / 1000} s`)));
    request.on("error", (error) => reject(signal.aborted && error.name === "AbortError" ? new Error("no answer in time") : error));
  });
}
