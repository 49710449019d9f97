import { ToolError } from "../tools/errors.ts";
import { apiHost, type Credentials } from "./credentials.ts";
import { type Blobs, partsOf } from "./layout.ts";
import { manifestType } from "./oci.ts";

/** A registry, or a folder of one, as images are named by it: `europe-docker.pkg.dev/project/repository`. */
export interface Place {
  host: string;
  /** Before an image's name; may be empty. */
  folder: string;
}

export function parsePlace(text: string): Place {
  const [, host, folder = ""] = /^([a-zA-Z0-9.-]+(?::\d+)?)((?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)\/?$/.exec(text) ?? [];
  // As in every image's name, the first part is a host only when it looks like one.
  if (host === undefined || !/[.:]|^localhost$/.test(host)) {
    throw new ToolError(`"${text}" is no registry: expected host[:port][/folder…], like europe-docker.pkg.dev/project/repository`, 2);
  }
  return { host, folder: folder.slice(1) };
}

/** Pushes images by the OCI distribution API: what the registry has already is not sent. */
export class Registry {
  readonly #place: Place;
  readonly #credentials: Credentials | undefined;
  readonly #origin: string;
  readonly #tokens = new Map<string, string>();

  constructor(place: Place, credentials: Credentials | undefined) {
    const local = /^(localhost|127\.0\.0\.1)(:|$)/.test(place.host);
    this.#place = place;
    this.#credentials = credentials;
    this.#origin = `${local ? "http" : "https"}://${apiHost(place.host)}`;
  }

  /** Pushes the image of this manifest, with a tag of its own that keeps it. Returns its reference by digest. */
  async push(name: string, manifest: string, blobs: Blobs): Promise<string> {
    const repository = [this.#place.folder, name].filter((part) => part !== "").join("/");
    for (const { digest } of partsOf(blobs, manifest)) await this.#pushBlob(repository, digest, blobs.get(digest) ?? Buffer.alloc(0));
    const tag = manifest.replace(":", "-").slice(0, "sha256-".length + 12);
    const headers = { "content-type": manifestType };
    await this.#expect(201, repository, "PUT", `manifests/${tag}`, { headers, body: blobs.get(manifest) });
    return `${this.#place.host}/${repository}@${manifest}`;
  }

  async #pushBlob(repository: string, digest: string, content: Buffer): Promise<void> {
    const known = await this.#ask(repository, "HEAD", `blobs/${digest}`);
    if (known.status === 200) return;
    const begun = await this.#expect(202, repository, "POST", "blobs/uploads/");
    const location = new URL(begun.headers.get("location") ?? "", begun.url);
    location.searchParams.set("digest", digest);
    const headers = { "content-type": "application/octet-stream" };
    await this.#expect(201, repository, "PUT", location.href, { headers, body: content });
  }

  async #expect(status: number, repository: string, method: string, path: string, init: RequestOptions = {}): Promise<Response> {
    const response = await this.#ask(repository, method, path, init);
    if (response.status === status) return response;
    const said = (await response.text()).slice(0, 500);
    const login = [401, 403].includes(response.status) ? `\n  Log in first: docker login ${this.#place.host}` : "";
    throw new ToolError(`${this.#place.host} refused to take ${repository}: ${method} answered ${response.status} ${said}${login}`);
  }

  async #ask(repository: string, method: string, path: string, init: RequestOptions = {}): Promise<Response> {
    const url = new URL(path, `${this.#origin}/v2/${repository}/`);
    const attempt = () => {
      // Some registries take blobs at another host, with an address that is permission enough.
      const token = url.origin === this.#origin ? this.#tokens.get(repository) : undefined;
      return this.#fetch(url, { method, ...init, headers: { ...init.headers, ...(token && { authorization: token }) } });
    };
    const first = await attempt();
    if (first.status !== 401 || this.#tokens.has(repository)) return first;
    this.#tokens.set(repository, await this.#authorize(first.headers.get("www-authenticate") ?? "", repository));
    return attempt();
  }

  /** The header that answers a challenge: a token of the realm it names, or the credentials themselves. */
  async #authorize(challenge: string, repository: string): Promise<string> {
    const basic = this.#credentials && `Basic ${Buffer.from(`${this.#credentials.user}:${this.#credentials.password}`).toString("base64")}`;
    if (!/^bearer /i.test(challenge)) return basic ?? "";
    const fields = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
    const realm = new URL(fields.realm ?? "");
    if (fields.service) realm.searchParams.set("service", fields.service);
    realm.searchParams.set("scope", `repository:${repository}:pull,push`);
    const response = await this.#fetch(realm, { headers: basic ? { authorization: basic } : {} });
    if (!response.ok) {
      throw new ToolError(
        `${realm.host} gave no token for ${repository} (${response.status}).\n  Log in first: docker login ${this.#place.host}`,
      );
    }
    const { token, access_token } = (await response.json()) as { token?: string; access_token?: string };
    return `Bearer ${token ?? access_token}`;
  }

  async #fetch(url: URL, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch (error) {
      const { cause, message } = error as Error;
      throw new ToolError(`${url.host} cannot be reached: ${cause instanceof Error ? cause.message : message}`);
    }
  }
}

interface RequestOptions {
  headers?: Record<string, string>;
  body?: Buffer | undefined;
}
