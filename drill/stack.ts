/**
 * The drill's own stack, `<system>-drill`: the committed stack file with the demo's images, generated credentials and the drill's
 * cluster. Its file is git-ignored, so a drill leaves the checkout as it was.
 */

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { stringify } from "yaml";
import type { Plan } from "../components/plan/plan.ts";
import type { Pulumi } from "../pulumi/pulumi.ts";
import { parseStackFile, project, readStackConfig, type StackFile, stackFilePath } from "../pulumi/stackFile.ts";

export interface StackChoices {
  plan: Plan;
  /** Also its namespace. */
  stack: string;
  /** The demo's two releases and the operations image, each by its digest. */
  images: { previous: string; current: string; operations?: string | undefined };
  cluster: { kubeconfig: string; context: string };
  /** What the service must read to reach the stand-in: environment variable → value. */
  environment: Record<string, string>;
  /** Levers by name, over what the committed file says; undefined leaves one out. */
  levers?: Record<string, Record<string, unknown> | string | undefined>;
}

export function stackName(system: string): string {
  return `${system}-drill`;
}

/**
 * The drill's config: the committed one, in the plan's before state whatever it was rolled back to since, without its database and cache, and
 * on a development stack, of whose changes nothing is said. Images become the demo's; encrypted values are left out (they are locked with
 * another stack's key) but for those the drill's own file `previous` already holds.
 */
export function drillConfig(
  committed: Record<string, unknown>,
  { plan, stack, images, cluster, environment, levers = {} }: StackChoices,
  previous: Record<string, unknown> = {},
): Record<string, unknown> {
  const key = (name: string) => `${project}:${name}`;
  const config: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(committed)) {
    if (!name.startsWith("kubernetes:")) config[name] = forDemo(value, images.current);
  }
  const lever = (name: string) => Object(config[key(name)]);
  const { aiProvider, stable, canary, flags, features } = plan.before;
  config[key("aiProvider")] = aiProvider;
  config[key("stable")] = { image: images.current, ...stable };
  if (config[key("previous")] !== undefined) config[key("previous")] = { image: images.previous };
  if (canary === undefined) delete config[key("canary")];
  else config[key("canary")] = { image: images.current, ...canary };
  delete config[key("pins")];
  config[key("environment")] = "development";
  for (const name of ["change", "freezes", "exemptions", "database", "cache"]) delete config[key(name)];
  if (Object.keys(plan.flags.known).length > 0) config[key("flags")] = flags;
  if (Object.keys(plan.features).length > 0) config[key("features")] = features;
  config[key("settings")] = { ...lever("settings"), ...plan.before.settings, ...settingsFor(plan, environment) };
  if (images.operations === undefined) delete config[key("verification")];
  else config[key("verification")] = { image: images.operations };
  const credentials = Object(previous[key("credentials")]);
  if (Object.keys(credentials).length > 0) config[key("credentials")] = credentials;
  else delete config[key("credentials")];
  config["kubernetes:kubeconfig"] = cluster.kubeconfig;
  config["kubernetes:context"] = cluster.context;
  config["kubernetes:namespace"] = stack;
  for (const [name, value] of Object.entries(levers)) {
    if (value === undefined) delete config[key(name)];
    else config[key(name)] = typeof value === "object" && name === "settings" ? { ...lever(name), ...value } : value;
  }
  return config;
}

/** Every `image` the demo's, every encrypted value left out. */
function forDemo(value: unknown, image: string): unknown {
  if (Array.isArray(value)) return value.map((entry) => forDemo(entry, image));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, child]) => !isEncrypted(child));
  return Object.fromEntries(entries.map(([name, child]) => [name, name === "image" ? image : forDemo(child, image)]));
}

function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}

/** The plan's settings by which the service reads these environment variables. */
function settingsFor(plan: Plan, environment: Record<string, string>): Record<string, string> {
  const found = Object.entries(plan.settings).map(([name, { env }]) => [name, environment[env]] as const);
  return Object.fromEntries(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Credential paths of every provider of the plan: `credentials.openai.apiKey`, … */
export function credentialPaths(plan: Plan): string[] {
  return Object.entries(plan.providers.known).flatMap(([provider, { credentials }]) =>
    Object.keys(credentials).map((name) => `credentials.${provider}.${name}`),
  );
}

/** Writes the file of a stack that exists; key and credentials that an earlier drill put there stay. */
export async function configureStack(pulumi: Pulumi, choices: StackChoices): Promise<void> {
  const { plan, stack } = choices;
  const file = stackFilePath(stack);
  const previous: StackFile = existsSync(file) ? parseStackFile(readFileSync(file, "utf8"), stack) : {};
  const config = drillConfig(readStackConfig(plan.system), choices, previous.encryptionsalt === undefined ? {} : previous.config);
  const { encryptionsalt } = previous;
  const comment = `# Made by \`npm run drill\` from Pulumi.${plan.system}.yaml and not committed: changes here are lost at the next drill.\n`;
  writeFileSync(file, comment + stringify({ ...(encryptionsalt === undefined ? {} : { encryptionsalt }), config }));
  for (const path of credentialPaths(plan)) {
    const [, provider = "", name = ""] = path.split(".");
    if (Object(Object(config[`${project}:credentials`])[provider])[name] !== undefined) continue;
    await pulumi.run(["config", "set", "--secret", "--path", path], `drill-${randomBytes(16).toString("hex")}`);
  }
}
