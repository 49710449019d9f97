import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GitHub, gitHubFrom, putComment, putIssue } from "../../../preview/github.ts";
import { quiet } from "../../../preview/report.ts";

interface Kept {
  id: number;
  number: number;
  title?: string;
  body: string;
  state?: string;
}

let server: Server;
let gitHub: GitHub;
/** What was asked of it, GETs left out. */
let asked: string[];
let comments: Kept[];
let issues: Kept[];

/** GitHub, as far as a report is concerned. */
beforeEach(async () => {
  [asked, comments, issues] = [[], [], []];
  server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://github.example");
    const path = url.pathname.replace("/repos/acme/shop/", "");
    const kept = path.includes("comments") ? comments : issues;
    const body = request.method === "GET" ? undefined : JSON.parse(await text(request));
    const answer = (status: number, value: unknown) => response.writeHead(status).end(JSON.stringify(value));
    if (request.headers.authorization !== "Bearer a-token") return answer(403, { message: "Resource not accessible by integration" });
    if (!body) {
      const [page, size] = [Number(url.searchParams.get("page")), Number(url.searchParams.get("per_page"))];
      return answer(200, kept.filter(({ state }) => state !== "closed").slice((page - 1) * size, page * size));
    }
    asked.push(`${request.method} ${path}`);
    const id = Number(path.split("/").at(-1));
    if (request.method === "POST") kept.push({ id: kept.length + 1, number: kept.length + 1, ...body });
    else Object.assign(kept.find((entry) => entry.id === id) ?? {}, body);
    return answer(200, {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  gitHub = { api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, repository: "acme/shop", token: "a-token" };
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

const said = (id: number, body: string): Kept => ({ id, number: id, body });

describe("a comment", () => {
  it("is posted once, and edited in place the next time", async () => {
    expect(await putComment(gitHub, 7, "<!-- mine -->\nfirst")).toBe("posted");
    expect(await putComment(gitHub, 7, "<!-- mine -->\nsecond")).toBe("edited");
    expect(asked).toEqual(["POST issues/7/comments", "PATCH issues/comments/1"]);
    expect(comments.map(({ body }) => body)).toEqual(["<!-- mine -->\nsecond"]);
  });

  it("is found among more than a page of others, and theirs are left alone, those that quote it too", async () => {
    comments = [...Array(100).keys()].map((id) => said(id + 1, `> <!-- mine -->\nremark ${id}`));
    comments.push(said(101, "<!-- mine -->\r\nfirst"));
    expect(await putComment(gitHub, 7, "<!-- mine -->\nsecond")).toBe("edited");
    expect(asked).toEqual(["PATCH issues/comments/101"]);
  });

  it("that has nothing to tell edits one that is there, and is not posted for itself", async () => {
    const nothing = `<!-- mine -->\n${quiet}\nNothing.`;
    expect(await putComment(gitHub, 7, nothing)).toBe("nothing to tell");
    expect(comments).toEqual([]);
    await putComment(gitHub, 7, "<!-- mine -->\nsomething");
    expect(await putComment(gitHub, 7, nothing)).toBe("edited");
    expect(comments.map(({ body }) => body)).toEqual([nothing]);
  });
});

describe("an issue", () => {
  const drift = "<!-- drift -->\n## Drift: shop\n\nThe Service differs.";

  it("is opened under its first heading, edited in place, closed once there is nothing to tell, and opened anew after", async () => {
    expect(await putIssue(gitHub, drift)).toBe("posted");
    expect(issues[0]?.title).toBe("Drift: shop");
    expect(await putIssue(gitHub, `${drift} More.`)).toBe("edited");
    expect(await putIssue(gitHub, `<!-- drift -->\n${quiet}\nAll is well.`)).toBe("closed");
    expect(issues.map(({ state }) => state)).toEqual(["closed"]);
    expect(await putIssue(gitHub, drift)).toBe("posted");
    expect(asked).toEqual(["POST issues", "PATCH issues/1", "PATCH issues/1", "POST issues"]);
  });

  it("is not opened to say that all is well", async () => {
    expect(await putIssue(gitHub, `<!-- drift -->\n${quiet}\nAll is well.`)).toBe("nothing to tell");
    expect(asked).toEqual([]);
  });
});

describe("what keeps a report from being posted", () => {
  it("is said in GitHub's words, with the permission that is needed", async () => {
    await expect(putComment({ ...gitHub, token: "another" }, 7, "<!-- mine -->\nfirst")).rejects.toThrow(
      "GitHub answered 403 to GET issues/7/comments?per_page=100&page=1: Resource not accessible by integration; the token needs `pull-requests: write` for a comment",
    );
  });

  it("is every variable that is missing", () => {
    expect(() => gitHubFrom({})).toThrow("GITHUB_TOKEN and GITHUB_REPOSITORY must be set");
    expect(gitHubFrom({ GITHUB_TOKEN: "a-token", GITHUB_REPOSITORY: "acme/shop" }).api).toBe("https://api.github.com");
  });
});
