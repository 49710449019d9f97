import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { Layout } from "./layout.ts";

/**
 * The users of a cluster's static token file: the project's own processes and the person, each of them a master. Narrower roles
 * would make every part wait for the API server to write its RBAC objects at a first start; pods get theirs from RBAC as ever.
 */
const users = ["admin", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "coredns", "kwok"] as const;

export type User = (typeof users)[number];
export type Tokens = Record<User, string>;

/** Writes what the API server needs to know its clients and be known by them; a cluster that has it keeps it. */
export async function ensureIdentity(layout: Layout): Promise<Tokens> {
  const tokensFile = join(layout.config, "tokens.json");
  if (existsSync(tokensFile)) return JSON.parse(readFileSync(tokensFile, "utf8"));
  const { makePki } = await import("./pki.ts");
  const pki = await makePki();
  writeAll(layout.config, {
    "ca.crt": pki.ca,
    "apiserver.crt": pki.apiServer.certificate,
    "apiserver.key": pki.apiServer.key,
    "kubelet-client.crt": pki.kubeletClient.certificate,
    "kubelet-client.key": pki.kubeletClient.key,
    "kubelet.crt": pki.kubelet.certificate,
    "kubelet.key": pki.kubelet.key,
    "service-account.key": pki.serviceAccount.privateKey,
    "service-account.pub": pki.serviceAccount.publicKey,
  });
  const tokens = Object.fromEntries(users.map((name) => [name, randomBytes(24).toString("hex")])) as Tokens;
  const lines = users.map((name) => `${tokens[name]},rollback-stacks:${name},${name},"system:masters"\n`);
  writeAll(layout.config, { "tokens.csv": lines.join("") });
  // Last and in one piece: its presence says that the rest is complete.
  const draft = `${tokensFile}.draft`;
  writePrivate(draft, JSON.stringify(tokens));
  renameSync(draft, tokensFile);
  return tokens;
}

/** A kubeconfig with one context, for `server` (e.g. https://127.0.0.1:6443). */
export function kubeconfig(options: { context: string; server: string; ca: string; token: string }): string {
  const { context, server, ca, token } = options;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: context, cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") } }],
    users: [{ name: context, user: { token } }],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    "current-context": context,
  });
}

/** Writes one kubeconfig a user into the cluster's config folder, as `<user>.kubeconfig`. */
export function writeComponentKubeconfigs(layout: Layout, tokens: Tokens, server: string, names: User[]): void {
  const ca = readFileSync(join(layout.config, "ca.crt"), "utf8");
  for (const name of names) {
    writePrivate(join(layout.config, `${name}.kubeconfig`), kubeconfig({ context: layout.context, server, ca, token: tokens[name] }));
  }
}

/** Writes the kubeconfig that people and Pulumi use. */
export function writeAdminKubeconfig(layout: Layout, tokens: Tokens, port: number): void {
  const ca = readFileSync(join(layout.config, "ca.crt"), "utf8");
  const text = kubeconfig({ context: layout.context, server: `https://127.0.0.1:${port}`, ca, token: tokens.admin });
  writePrivate(layout.kubeconfig, text);
}

export function writeAll(folder: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) writePrivate(join(folder, name), content);
}

export function writePrivate(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, content, { mode: 0o600 });
  chmodSync(file, 0o600);
}
