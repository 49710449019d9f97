import { readFileSync } from "node:fs";
import https from "node:https";
import { join } from "node:path";
import type { Tokens } from "./files.ts";
import type { Layout } from "./layout.ts";

const requestTimeout = 3_000;

export interface ApiAnswer {
  status: number;
  body: string;
}

/** The few calls that readiness needs, without the half second that a whole Kubernetes client takes to load. */
export interface Api {
  get(path: string): Promise<ApiAnswer>;
  /** Server-side apply of one object. */
  apply(path: string, object: object): Promise<ApiAnswer>;
}

export function apiOf(layout: Layout, port: number): Api {
  const ca = readFileSync(join(layout.config, "ca.crt"));
  const { admin } = JSON.parse(readFileSync(join(layout.config, "tokens.json"), "utf8")) as Tokens;
  const call = (method: string, path: string, body?: string): Promise<ApiAnswer> =>
    new Promise((fulfil, reject) => {
      const request = https.request(
        {
          host: "127.0.0.1",
          port,
          path,
          method,
          ca,
          agent: false,
          timeout: requestTimeout,
          headers: { authorization: `Bearer ${admin}`, ...(body === undefined ? {} : { "content-type": "application/apply-patch+yaml" }) },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => fulfil({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
        },
      );
      request.on("timeout", () => request.destroy(new Error(`no answer within ${requestTimeout / 1000} s`)));
      request.on("error", reject);
      request.end(body);
    });
  return {
    get: (path) => call("GET", path),
    apply: (path, object) => call("PATCH", `${path}?fieldManager=rollback-stacks&force=true`, JSON.stringify(object)),
  };
}
