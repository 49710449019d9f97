import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export interface FakeServer {
  /** Contents of a kubeconfig that leads here. */
  kubeconfig: string;
  /** `METHOD /path?query` of every request but the greeting. */
  requests: string[];
  answer: Answer;
  close(): Promise<void>;
}

/** An API server that says what a test tells it to. */
export async function fakeServer(answer: Answer): Promise<FakeServer> {
  const fake: FakeServer = { kubeconfig: "", requests: [], answer, close: () => stop(server) };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url === "/version") return json(response, 200, {});
      fake.requests.push(`${request.method} ${decodeURIComponent(request.url ?? "")}`);
      fake.answer(request, response, Buffer.concat(chunks).toString());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  fake.kubeconfig = kubeconfigFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return fake;
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

export function kubeconfigFor(server: string): string {
  return JSON.stringify({
    "current-context": "fake",
    clusters: [{ name: "fake", cluster: { server } }],
    users: [{ name: "fake", user: { token: "fake-token" } }],
    contexts: [{ name: "fake", context: { cluster: "fake", user: "fake" } }],
  });
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

export function failure(response: ServerResponse, status: number, message: string, more: Record<string, unknown> = {}): void {
  json(response, status, { kind: "Status", status: "Failure", code: status, message, ...more });
}
