import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * A registry's part of the OCI distribution API that a push uses, with a token server. It takes a blob only under its digest, and a
 * manifest only when it has everything that the manifest names.
 */
export async function startRegistry(login: { user: string; password: string }) {
  const blobs = new Map<string, Buffer>();
  const tags = new Map<string, string>();
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", origin());
    const body = await buffer(request);
    const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
    const answer = (status: number, headers: Record<string, string> = {}, content = "") => response.writeHead(status, headers).end(content);
    calls.push(`${request.method} ${url.pathname.replace(/sha256:\w+/, "<digest>")}`);
    const { authorization } = request.headers;
    if (url.pathname === "/token") {
      const basic = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}`;
      if (authorization !== basic) return answer(401);
      return answer(200, {}, JSON.stringify({ token: `for ${url.searchParams.get("scope")}` }));
    }
    const [, repository = "", kind, rest = ""] = /^\/v2\/(.+)\/(blobs|manifests)\/(.+)$/.exec(url.pathname) ?? [];
    if (authorization !== `Bearer for repository:${repository}:pull,push`) {
      return answer(401, { "www-authenticate": `Bearer realm="${origin()}/token",service="stand-in"` });
    }
    if (request.method === "HEAD") return answer(blobs.has(rest) ? 200 : 404);
    if (request.method === "POST") return answer(202, { location: `/v2/${repository}/blobs/uploads/1?state=open` });
    if (kind === "blobs") {
      if (url.searchParams.get("digest") !== digest) return answer(400, {}, "DIGEST_INVALID");
      blobs.set(digest, body);
      return answer(201);
    }
    const { config, layers } = JSON.parse(String(body)) as { config: { digest: string }; layers: { digest: string }[] };
    if (![config, ...layers].every((part) => blobs.has(part.digest))) return answer(400, {}, "MANIFEST_BLOB_UNKNOWN");
    tags.set(rest, digest);
    return answer(201);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = () => `http://${host}`;
  return { host, blobs, tags, calls, close: () => server.close() };
}
