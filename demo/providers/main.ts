import { createServer, type IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./exchange.ts";
import { type ApiName, createFaults } from "./faults.ts";
import { generateContent } from "./gemini.ts";
import { chatCompletion } from "./openai.ts";

// Stands in for the two provider APIs: the paths, bodies and failures of the real ones, with faults on demand.
//   POST /__faults {provider, latencyMs?, status?, safetyBlock?, silent?}   replaces that provider's fault
//   GET /__faults, DELETE /__faults, GET /__requests, GET /health

const port = Number(process.env.PORT ?? 8090);
const usualLatencyMs = Number(process.env.LATENCY_MS ?? 20);
const generatePath =
  /^\/(v1|v1beta|v1beta1)\/(publishers\/google\/|projects\/[^/]+\/locations\/[^/]+\/publishers\/google\/)?models\/([^/:]+):generateContent$/;

const { faults, requests, set, clear } = createFaults();

/** The answer, or undefined for none at all. */
async function respond(request: IncomingMessage): Promise<Answer | undefined> {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  const route = `${request.method} ${path}`;
  if (route === "GET /health") return { status: 200, body: { status: "ok" } };
  if (route === "GET /__requests") return { status: 200, body: requests };
  if (route === "GET /__faults") return { status: 200, body: faults };
  if (route === "DELETE /__faults") {
    clear();
    return { status: 200, body: faults };
  }
  if (route === "POST /__faults") {
    const problem = set(await json(request));
    return problem === undefined ? { status: 200, body: faults } : { status: 400, body: { error: problem } };
  }
  if (route === "POST /v1/chat/completions") return provide("openai", request, chatCompletion);
  const [, , scope, model] = (request.method === "POST" && generatePath.exec(path)) || [];
  if (model === undefined) return { status: 404, body: { error: { message: `no such path: ${route}` } } };
  const vertex = scope !== undefined;
  return provide(vertex ? "vertex" : "gemini", request, (exchange) => generateContent(exchange, model, vertex));
}

async function provide(name: ApiName, request: IncomingMessage, api: typeof chatCompletion): Promise<Answer | undefined> {
  requests[name]++;
  const body = await json(request);
  const fault = faults[name] ?? {};
  if (fault.silent) return undefined;
  await sleep(fault.latencyMs ?? usualLatencyMs);
  const { authorization, "x-goog-api-key": googleKey } = request.headers;
  return api({ body, authorized: authorization !== undefined || googleKey !== undefined, fault });
}

const server = createServer((request, response) => {
  respond(request)
    .catch((error: Error): Answer => ({ status: 400, body: { error: { message: error.message } } }))
    .then((answer) => {
      if (answer === undefined) return;
      response.writeHead(answer.status, { "content-type": "application/json; charset=UTF-8" });
      response.end(JSON.stringify(answer.body));
    });
});
server.keepAliveTimeout = 75_000;
server.on("error", (error) => {
  console.error(`Cannot listen on port ${port}: ${error.message}`);
  process.exit(1);
});
server.listen(port, () => {
  const address = server.address();
  console.log(`Provider stand-in listening on port ${typeof address === "object" && address ? address.port : port}`);
});

function stop(): void {
  server.close(() => process.exit(0));
  server.closeAllConnections();
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
