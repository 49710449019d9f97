import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { finished } from "node:stream/promises";

export interface Page {
  title: string;
  text: string;
  /** When to come back, for people and for clients that read `Retry-After`. */
  retryAfterSeconds: number;
  /** Answers 200, so that load balancers keep the pods. */
  healthPath: string;
}

/**
 * The server of the maintenance page: every request is answered 503 with `Retry-After`, as a page where the client asks for HTML
 * and as JSON otherwise; the health path answers 200.
 */
export function maintenanceServer(page: Page): Server {
  return createServer((request, response) => void answer(page, request, response));
}

async function answer(page: Page, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // An answer before the end of what the client sends would reach some clients as a broken connection.
  const arrived = await finished(request.resume(), { writable: false }).then(
    () => true,
    () => false,
  );
  if (!arrived) return;
  // No connection outlives its answer: the next request goes where the Service sends it by then.
  response.setHeader("connection", "close");
  response.setHeader("cache-control", "no-store");
  const healthy = (request.url ?? "/").split("?", 1)[0] === page.healthPath;
  if (!healthy) response.setHeader("retry-after", String(page.retryAfterSeconds));
  const html = !healthy && /\btext\/html\b/.test(request.headers.accept ?? "");
  response.writeHead(healthy ? 200 : 503, { "content-type": html ? "text/html; charset=utf-8" : "application/json" });
  response.end(healthy ? json({ status: "maintenance" }) : html ? htmlOf(page) : jsonOf(page));
}

const json = (value: unknown): string => `${JSON.stringify(value)}\n`;

const jsonOf = ({ title, text, retryAfterSeconds }: Page): string =>
  json({ error: { kind: "maintenance", title, message: text }, retryAfterSeconds });

function htmlOf({ title, text, retryAfterSeconds }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${retryAfterSeconds}">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark }
body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto 0; padding: 0 1.5rem }
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${text
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => `<p>${escaped(line)}</p>`)
  .join("\n")}
</body>
</html>
`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
