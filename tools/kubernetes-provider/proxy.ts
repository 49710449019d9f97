import type { Agent, AgentOptions, ClientRequest } from "node:http";
import { isIP } from "node:net";
import { type ConnectionOptions, checkServerIdentity } from "node:tls";
import { HttpsProxyAgent } from "https-proxy-agent";
import { InputError } from "./errors.ts";

/** Makes the connections to a server that has a proxy on the way. */
export type Through = (options: AgentOptions, tls: ConnectionOptions) => Agent;

/**
 * Tunnels through an HTTP or HTTPS proxy (`CONNECT`), with the credentials that its URL may hold: a kubeconfig's `proxy-url`.
 * A module of its own because hardly anyone needs it at start.
 * @throws InputError where the URL is none of such a proxy
 */
export function through(proxyUrl: string, server: URL, source: string): Through {
  const proxy = URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined;
  if (proxy?.protocol !== "http:" && proxy?.protocol !== "https:") {
    throw new InputError(`${source}: its proxy-url is not a URL such as http://127.0.0.1:3128 or https://proxy.example.com`);
  }
  return (options, tls) => new Tunnel(proxy, options, { ...identityOf(server), ...tls });
}

type ConnectOptions = Parameters<HttpsProxyAgent<string>["connect"]>[1];

/** What proves the cluster and its user goes to the far end of the tunnel, not to the proxy. */
class Tunnel extends HttpsProxyAgent<string> {
  readonly #tls: ConnectionOptions;

  constructor(proxy: URL, options: AgentOptions, tls: ConnectionOptions) {
    super(proxy, options);
    this.#tls = tls;
  }

  override connect(request: ClientRequest, options: ConnectOptions) {
    return super.connect(request, { ...options, ...this.#tls } as ConnectOptions);
  }
}

/** Inside a tunnel Node does not know the address that a certificate has to be for, and takes it for localhost. */
function identityOf(server: URL): ConnectionOptions {
  const host = server.hostname.replace(/^\[|\]$/g, "");
  return isIP(host) === 0
    ? {}
    : { checkServerIdentity: (name, certificate) => checkServerIdentity(name === "localhost" ? host : name, certificate) };
}
