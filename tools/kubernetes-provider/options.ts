import { closest, distance } from "fastest-levenshtein";
import { hasUnknown, type Props, plain, type Value } from "./values.ts";

/** Options that this provider carries out. */
export interface Options {
  kubeconfig?: string;
  context?: string;
  cluster?: string;
  namespace?: string;
  clusterIdentifier?: string;
  enableConfigMapMutable?: string;
  enableSecretMutable?: string;
  deleteUnreachable?: string;
  skipUpdateUnreachable?: string;
  renderYamlToDirectory?: string;
}

export interface Failure {
  property: string;
  reason: string;
}

const HONOURED = [
  ...["kubeconfig", "context", "cluster", "namespace", "clusterIdentifier"],
  ...["enableConfigMapMutable", "enableSecretMutable", "deleteUnreachable", "skipUpdateUnreachable", "renderYamlToDirectory"],
] as const;
/** Options of the official provider without a meaning here: what they tune does not exist. */
const WITHOUT_EFFECT = new Set([
  "kubeClientSettings",
  "suppressDeprecationWarnings",
  "suppressHelmHookWarnings",
  "helmReleaseSettings",
  "enableReplaceCRD",
]);
/** Options of the official provider that would change what happens, so that ignoring them would mislead. */
const ONLY_OFFICIAL = new Set(["alwaysRender", "strictMode"]);
const ENGINE = new Set(["version", "pluginDownloadURL", "pluginChecksums", "__internal"]);

/** What is wrong with a provider's options, every problem at once. */
export function checkOptions(props: Props): Failure[] {
  return Object.entries(props).flatMap(([property, value]) => {
    const reason = problemOf(property, plain(value));
    return reason ? [{ property, reason }] : [];
  });
}

function problemOf(name: string, value: Value): string | undefined {
  if (ENGINE.has(name) || WITHOUT_EFFECT.has(name)) return undefined;
  if (name === "enableServerSideApply") {
    return String(value) === "false"
      ? "enableServerSideApply: this provider always applies on the server; leave the option out"
      : undefined;
  }
  const isSet = value !== "" && String(value) !== "false";
  if (ONLY_OFFICIAL.has(name)) return isSet ? `${name} is carried out by the official Kubernetes provider only; leave it out` : undefined;
  if ((HONOURED as readonly string[]).includes(name)) return undefined;
  const similar = closest(name, HONOURED);
  const hint = distance(name, similar) <= Math.max(2, name.length / 3) ? `, did you mean kubernetes:${similar}?` : "";
  return `kubernetes:${name} is no option of the Kubernetes provider${hint || "."} There are ${HONOURED.join(", ")}`;
}

/** The options from what the engine configures with; values may come as text or as JSON in text. */
export function readOptions(props: Props): Options {
  const options: Record<string, string> = {};
  for (const name of HONOURED) {
    const value = plain(props[name] ?? null);
    if (value === null || hasUnknown(value)) continue;
    options[name] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return options;
}

export function isOn(value: string | undefined, variable: string, env: NodeJS.ProcessEnv = process.env): boolean {
  return (value ?? env[variable]) === "true";
}
