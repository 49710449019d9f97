import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import type { SecureContextOptions } from "node:tls";
import { InputError } from "./errors.ts";
import type { Through } from "./proxy.ts";

/** Where the API server is and how to be let in. */
export interface Connection {
  server: URL;
  /** Namespace of the context, for objects that name none. */
  namespace: string;
  /** How messages name it: `context "x" of <file>`. */
  source: string;
  tls: SecureContextOptions & { servername?: string; rejectUnauthorized?: boolean };
  /** Headers that let a request in; asked for each one, since tokens expire. */
  headers(): Promise<Record<string, string>>;
  /** Makes connections where there is a proxy on the way. */
  through?: Through;
}

export interface ConnectionOptions {
  /** A path (or several, separated as `$KUBECONFIG` is) or the contents of a kubeconfig. Default: `$KUBECONFIG`. */
  kubeconfig?: string;
  /** Default: the kubeconfig's current context. */
  context?: string;
  /** Cluster of the kubeconfig to use in place of the context's own. */
  cluster?: string;
}

interface Named<T> {
  name: string;
  file?: string;
  value: T;
}

interface Cluster {
  server?: string;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "tls-server-name"?: string;
  "proxy-url"?: string;
}

interface User {
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  as?: string;
  exec?: unknown;
  "auth-provider"?: unknown;
}

interface Kubeconfig {
  source: string;
  text: string[];
  current?: string;
  clusters: Named<Cluster>[];
  users: Named<User>[];
  contexts: Named<{ cluster?: string; user?: string; namespace?: string }>[];
}

const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * Finds the cluster that was named. The default file in the home directory is read only for a context that was named too: an
 * update must never land on whatever context someone happened to use last.
 */
export async function connect(options: ConnectionOptions, env: NodeJS.ProcessEnv = process.env): Promise<Connection> {
  const given = options.kubeconfig || env.KUBECONFIG;
  if (given) return fromKubeconfig(await load(given, options.kubeconfig ? "kubernetes:kubeconfig" : "$KUBECONFIG"), options);
  if (env.KUBERNETES_SERVICE_HOST && exists(`${SERVICE_ACCOUNT}/token`)) return inCluster(env);
  if (options.context) return fromKubeconfig(await load(join(homedir(), ".kube", "config"), "the default kubeconfig"), options);
  throw new InputError(
    "no Kubernetes cluster was named: set the provider's kubeconfig (`pulumi config set kubernetes:kubeconfig <path>`), " +
      "the environment variable KUBECONFIG, or a context of your default kubeconfig (`pulumi config set kubernetes:context <name>`)",
  );
}

/** Server of the cluster that a kubeconfig given as contents means; undefined for a path or an unusable one. */
export async function clusterOf(options: ConnectionOptions): Promise<string | undefined> {
  if (!options.kubeconfig || !isContents(options.kubeconfig)) return undefined;
  const found = await load(options.kubeconfig, "kubernetes:kubeconfig")
    .then((config) => fromKubeconfig(config, options))
    .catch(() => undefined);
  return found?.server.href;
}

async function load(pathOrContents: string, from: string): Promise<Kubeconfig> {
  const merged: Kubeconfig = { source: from, text: [], clusters: [], users: [], contexts: [] };
  const contents = isContents(pathOrContents)
    ? [{ text: pathOrContents, file: undefined }]
    : pathOrContents
        .split(delimiter)
        .filter((path) => path !== "")
        .map((path) => read(path, from));
  for (const { text, file } of contents) {
    const parsed = await parse(text, file ?? from);
    merged.text.push(text);
    merged.current ||= parsed["current-context"];
    merged.clusters.push(...named<Cluster>(parsed.clusters, "cluster", file));
    merged.users.push(...named<User>(parsed.users, "user", file));
    merged.contexts.push(...named<{ cluster?: string }>(parsed.contexts, "context", file));
  }
  if (contents[0]?.file) merged.source = contents.map(({ file }) => file).join(delimiter);
  return merged;
}

function isContents(text: string): boolean {
  return text.includes("\n") || text.trimStart().startsWith("{");
}

function read(path: string, from: string): { text: string; file: string } {
  const file = resolve(path.startsWith("~/") ? join(homedir(), path.slice(2)) : path);
  try {
    return { text: readFileSync(file, "utf8"), file };
  } catch (error) {
    throw new InputError(
      `${from}: cannot read the kubeconfig ${file} (${(error as NodeJS.ErrnoException).code}); it must be the path of a file or its contents`,
    );
  }
}

async function parse(text: string, source: string): Promise<Record<string, never>> {
  const malformed = (why: string) => new InputError(`${source}: not a kubeconfig: ${why}`);
  let value: unknown;
  try {
    value = text.trimStart().startsWith("{") ? JSON.parse(text) : (await import("yaml")).parse(text);
  } catch (error) {
    throw malformed((error as Error).message.split("\n")[0] ?? "");
  }
  if (typeof value !== "object" || value === null || !("clusters" in value)) throw malformed("it has no clusters");
  return value as Record<string, never>;
}

function named<T>(list: unknown, key: string, file: string | undefined): Named<T>[] {
  if (!Array.isArray(list)) return [];
  return list.map((item) => ({ name: item.name, file, value: item[key] ?? {} }));
}

function pick<T>(list: Named<T>[], name: string | undefined, what: string, config: Kubeconfig): Named<T> {
  const found = list.find((item) => item.name === name);
  if (found) return found;
  const known = list.map((item) => `"${item.name}"`).join(", ") || "none";
  throw new InputError(`${config.source}: there is no ${what} ${name ? `"${name}"` : "set"}; it has ${known}`);
}

async function fromKubeconfig(config: Kubeconfig, options: ConnectionOptions): Promise<Connection> {
  const context = pick(config.contexts, options.context || config.current, options.context ? "context" : "current context", config);
  const cluster = pick(config.clusters, options.cluster || context.value.cluster, "cluster", config);
  const user = context.value.user ? pick(config.users, context.value.user, "user", config) : { name: "", value: {} as User };
  const source = `context "${context.name}" of ${config.source}`;
  const server = serverUrl(cluster.value.server, source);
  const tls: Connection["tls"] = {
    ca: material(cluster, "certificate-authority"),
    cert: material(user, "client-certificate"),
    key: material(user, "client-key"),
    rejectUnauthorized: !cluster.value["insecure-skip-tls-verify"],
    servername: cluster.value["tls-server-name"],
  };
  const proxyUrl = cluster.value["proxy-url"];
  const proxied = proxyUrl ? { through: (await import("./proxy.ts")).through(proxyUrl, server, source) } : {};
  const base = { server, namespace: context.value.namespace || "default", source, ...proxied };
  if (user.value.exec || user.value["auth-provider"]) {
    const { pluginCredentials } = await import("./credentials.ts");
    return { ...base, ...(await pluginCredentials(config.text, options, context.name, tls)) };
  }
  return { ...base, tls, headers: async () => staticHeaders(user) };
}

function serverUrl(server: string | undefined, source: string): URL {
  try {
    return new URL(server ?? "");
  } catch {
    throw new InputError(`${source}: its cluster's server "${server ?? ""}" is not a URL such as https://127.0.0.1:6443`);
  }
}

function material(from: Named<Cluster | User>, key: string): Buffer | undefined {
  const values = from.value as Record<string, string | undefined>;
  const data = values[`${key}-data`];
  if (data) return Buffer.from(data, "base64");
  const path = values[key];
  return path ? readMaterial(from, key, path) : undefined;
}

function readMaterial(from: Named<unknown>, key: string, path: string): Buffer {
  const file = resolve(from.file ? dirname(from.file) : ".", path);
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InputError(`kubeconfig entry "${from.name}": cannot read its ${key} ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
}

function staticHeaders(user: Named<User>): Record<string, string> {
  const { token, tokenFile, username, password, as } = user.value;
  const headers: Record<string, string> = as ? { "Impersonate-User": as } : {};
  // A token file is rotated under us, so it is read at each request.
  const bearer = tokenFile ? readMaterial(user, "tokenFile", tokenFile).toString("utf8").trim() : token;
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  else if (username) headers.Authorization = `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}`;
  return headers;
}

function inCluster(env: NodeJS.ProcessEnv): Connection {
  const host = env.KUBERNETES_SERVICE_HOST as string;
  const namespace = readFileSync(`${SERVICE_ACCOUNT}/namespace`, "utf8").trim();
  return {
    server: new URL(`https://${host.includes(":") ? `[${host}]` : host}:${env.KUBERNETES_SERVICE_PORT ?? "443"}`),
    namespace: namespace || "default",
    source: "the pod's service account",
    tls: { ca: readFileSync(`${SERVICE_ACCOUNT}/ca.crt`) },
    headers: async () => ({ Authorization: `Bearer ${readFileSync(`${SERVICE_ACCOUNT}/token`, "utf8").trim()}` }),
  };
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
