import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "./faultProxy.ts";

/** The server answers with this status and message instead of doing anything. */
export function answers(code: number, message: string, headers: Record<string, string> = {}): Fault {
  return ({ response }) =>
    response
      .writeHead(code, { "content-type": "application/json", ...headers })
      .end(JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", code, message }));
}

/** The server does as it was asked, but the connection breaks in the middle of its answer. */
export const cutsTheAnswer: Fault = async ({ ask, response }) => {
  const answer = await ask();
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const whole = Buffer.concat(chunks);
  response.writeHead(answer.statusCode ?? 502, { "content-type": "application/json", "content-length": whole.length });
  response.write(whole.subarray(0, whole.length / 2), () => response.destroy());
};

/** The server takes its time. */
export function delays(ms: number): Fault {
  return async ({ passOn }) => {
    await sleep(ms);
    await passOn();
  };
}

/** A watch ends at once, as servers do that shut down. */
export const closesTheWatch: Fault = ({ response }) => response.writeHead(200, { "content-type": "application/json" }).end();

/** The watch's place in the history is no longer kept. */
export const historyExpired: Fault = ({ response }) => {
  const object = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", reason: "Expired", code: 410, message: "too old" };
  response.writeHead(200, { "content-type": "application/json" }).end(`${JSON.stringify({ type: "ERROR", object })}\n`);
};

/** Something between here and the server keeps the connection open and lets nothing through. */
export const stalls: Fault = ({ response }) => response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
