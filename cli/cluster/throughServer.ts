import type { RequestOptions } from "node:https";
import { type Answer, type Call, send } from "../../probes/request.ts";
import type { ClusterAccess } from "./access.ts";

/** Of every system's Service. */
export const servicePort = 80;

/** Requests to what runs in a namespace, by the proxy of its API server: there is no other way in from outside. */
export class ThroughServer {
  readonly #namespace: string;
  readonly #options: RequestOptions;

  private constructor(namespace: string, options: RequestOptions) {
    this.#namespace = namespace;
    this.#options = options;
  }

  static async make({ config, namespace }: Pick<ClusterAccess, "config" | "namespace">): Promise<ThroughServer> {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const server = config.getCurrentCluster()?.server.replace(/\/$/, "");
    return new ThroughServer(`${server}/api/v1/namespaces/${namespace}`, options);
  }

  toService(name: string, port: number): (call: Call) => Promise<Answer> {
    return this.#to(`services/${name}:${port}`);
  }

  toPod(name: string, port: number): (call: Call) => Promise<Answer> {
    return this.#to(`pods/${name}:${port}`);
  }

  #to(target: string): (call: Call) => Promise<Answer> {
    const route = { kind: "url" as const, url: `${this.#namespace}/${target}/proxy`, options: this.#options };
    return (call) => send(route, call);
  }
}
