import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pushedReferences } from "../../drill/images.ts";
import { credentialsFor } from "../../images/credentials.ts";
import { layerOf } from "../../images/layer.ts";
import { readBlobs } from "../../images/layout.ts";
import { architecture, type ImageSpec, packImages } from "../../images/oci.ts";
import { parsePlace, Registry } from "../../images/registry.ts";
import { startRegistry } from "./registryStandIn.ts";

const login = { user: "ci", password: "s3cret:with-colon" };

let folder: string;
let registry: Awaited<ReturnType<typeof startRegistry>>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "registry-"));
  registry = await startRegistry(login);
});

afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true });
});

async function image() {
  const layers = [await layerOf([{ path: "bin/app", content: Buffer.from("app") }])];
  const spec: ImageSpec = {
    repository: "localhost/rollback-demo",
    version: "1",
    architecture,
    user: "65532:65532",
    env: {},
    entrypoint: ["/bin/app"],
    command: [],
    workingDir: "/",
    layers,
  };
  const { archive, images } = await packImages([spec]);
  const file = join(folder, "image.tar");
  writeFileSync(file, archive);
  return { digest: images[0]?.digest ?? "", blobs: await readBlobs(file) };
}

describe("pushing an image", () => {
  it("sends its parts and then the manifest, under the digest it has here, with a tag that keeps it", async () => {
    const { digest, blobs } = await image();
    const reference = await new Registry({ host: registry.host, folder: "team/x" }, login).push("rollback-demo", digest, blobs);
    expect(reference).toBe(`${registry.host}/team/x/rollback-demo@${digest}`);
    expect([...registry.tags]).toEqual([[`sha256-${digest.slice("sha256:".length, "sha256:".length + 12)}`, digest]]);
    expect(registry.blobs.size).toBe(2);
  });

  it("sends nothing that the registry has already", async () => {
    const { digest, blobs } = await image();
    await new Registry({ host: registry.host, folder: "" }, login).push("rollback-demo", digest, blobs);
    registry.calls.length = 0;
    await new Registry({ host: registry.host, folder: "" }, login).push("rollback-demo", digest, blobs);
    expect(registry.calls).toEqual([
      "HEAD /v2/rollback-demo/blobs/<digest>",
      "GET /token",
      "HEAD /v2/rollback-demo/blobs/<digest>",
      "HEAD /v2/rollback-demo/blobs/<digest>",
      `PUT /v2/rollback-demo/manifests/sha256-${digest.slice(7, 19)}`,
    ]);
  });

  it("without a login tells how to log in, and no password", async () => {
    const { digest, blobs } = await image();
    const push = (credentials?: typeof login) =>
      new Registry({ host: registry.host, folder: "" }, credentials).push("rollback-demo", digest, blobs);
    const refused = `${registry.host} gave no token for rollback-demo (401).\n  Log in first: docker login ${registry.host}`;
    await expect(push()).rejects.toThrow(refused);
    await expect(push({ user: "ci", password: "wrong-password" })).rejects.toThrow(refused);
  });

  it("tells of a registry that cannot be reached", async () => {
    const { digest, blobs } = await image();
    registry.close();
    await expect(new Registry({ host: registry.host, folder: "" }, undefined).push("x", digest, blobs)).rejects.toThrow(
      `${registry.host} cannot be reached: connect ECONNREFUSED ${registry.host}`,
    );
  });
});

describe("the credentials for a registry", () => {
  const written = (config: unknown) => writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const auth = Buffer.from(`${login.user}:${login.password}`).toString("base64");

  it("are those that `docker login` wrote", () => {
    expect(credentialsFor("registry.example", folder)).toBeUndefined();
    written({ auths: { "registry.example": { auth }, "https://index.docker.io/v1/": { auth } } });
    expect(credentialsFor("registry.example", folder)).toEqual(login);
    expect(credentialsFor("docker.io", folder)).toEqual(login);
    expect(credentialsFor("other.example", folder)).toBeUndefined();
  });

  it("are not taken from a helper, which says what to do instead", () => {
    written({ auths: { "registry.example": {} }, credsStore: "desktop", credHelpers: { "europe-docker.pkg.dev": "gcloud" } });
    expect(() => credentialsFor("registry.example", folder)).toThrow(
      /^The credentials for registry.example are with docker-credential-desktop/,
    );
    expect(() => credentialsFor("europe-docker.pkg.dev", folder)).toThrow(/docker-credential-gcloud/);
  });

  it("are never quoted, also where the file cannot be read", () => {
    writeFileSync(join(folder, "config.json"), `{ "auths": ${auth}`);
    expect(() => credentialsFor("registry.example", folder)).toThrow(
      `${join(folder, "config.json")} is no JSON, so the credentials for the registry cannot be read from it`,
    );
  });
});

describe("a registry as it is typed", () => {
  it("is a host, a port and folders", () => {
    expect(parsePlace("europe-docker.pkg.dev/project/repository")).toEqual({ host: "europe-docker.pkg.dev", folder: "project/repository" });
    expect(parsePlace("localhost:5000")).toEqual({ host: "localhost:5000", folder: "" });
  });

  it.each(["project/repository", "https://registry.example", "registry.example/UPPER", ""])("is not %j", (text) => {
    expect(() => parsePlace(text)).toThrow(
      `"${text}" is no registry: expected host[:port][/folder…], like europe-docker.pkg.dev/project/repository`,
    );
  });
});

describe("a drill on a cluster for which images were pushed", () => {
  const pushed = { registry: "registry.example/x", references: ["registry.example/x/rollback-demo@sha256:aa"] };
  const built = (digest: string) => [{ digest, reference: `localhost/rollback-demo@${digest}` }];

  it("names them by that registry", () => {
    expect(pushedReferences(pushed, built("sha256:aa"), "prod")).toEqual(pushed.references);
  });

  it("asks for those that have changed since", () => {
    expect(() => pushedReferences(pushed, built("sha256:bb"), "prod")).toThrow(
      "rollback-demo has changed since it was pushed to registry.example/x. Push again, then drill again:\n" +
        "  npm run images -- --push registry.example/x --context prod",
    );
  });
});
