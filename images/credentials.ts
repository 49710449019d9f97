import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ToolError } from "../tools/errors.ts";

export interface Credentials {
  user: string;
  password: string;
}

interface DockerConfig {
  auths?: Record<string, { auth?: string; identitytoken?: string }>;
  credHelpers?: Record<string, string>;
  credsStore?: string;
}

/** Docker Hub is not at the address that its images are named by, and its credentials are under a third one. */
const hub = { names: ["docker.io", "index.docker.io"], api: "registry-1.docker.io", key: "https://index.docker.io/v1/" };

/** Where the API of the registry is whose images are named by `host`. */
export function apiHost(host: string): string {
  return hub.names.includes(host) ? hub.api : host;
}

/**
 * What `docker login` wrote for a registry (`$DOCKER_CONFIG` or `~/.docker`); nothing where there was none.
 * @throws ToolError where the credentials are with a credential helper, which this does not start.
 */
export function credentialsFor(host: string, folder = process.env.DOCKER_CONFIG ?? join(homedir(), ".docker")): Credentials | undefined {
  const file = join(folder, "config.json");
  if (!existsSync(file)) return undefined;
  const { auths = {}, credHelpers = {}, credsStore } = read(file);
  const entry = auths[hub.names.includes(host) ? hub.key : host] ?? auths[`https://${host}`];
  if (entry?.auth) {
    const [user = "", ...password] = Buffer.from(entry.auth, "base64").toString().split(":");
    return { user, password: password.join(":") };
  }
  const helper = credHelpers[host] ?? (entry ? credsStore : undefined);
  if (helper === undefined) return undefined;
  throw new ToolError(
    `The credentials for ${host} are with docker-credential-${helper}, which is not used here.\n` +
      `  Put them into a config.json of their own, then push again with it:\n` +
      `  mkdir -p FOLDER && echo '{}' > FOLDER/config.json && docker --config FOLDER login ${host}\n  DOCKER_CONFIG=FOLDER npm run images -- --push …`,
  );
}

function read(file: string): DockerConfig {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as DockerConfig;
  } catch {
    // Never the content: it holds secrets.
    throw new ToolError(`${file} is no JSON, so the credentials for the registry cannot be read from it`);
  }
}
