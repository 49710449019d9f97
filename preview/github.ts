/** The few requests to GitHub's REST API by which a report is posted, and edited in place the next time. */

import { ToolError } from "../tools/errors.ts";
import { quiet } from "./report.ts";

export interface GitHub {
  /** `https://api.github.com`, or that of a GitHub Enterprise Server. */
  api: string;
  /** `owner/name`. */
  repository: string;
  token: string;
}

export type Posted = "posted" | "edited" | "closed" | "nothing to tell";

interface Entry {
  /** Of a comment. */
  id: number;
  /** Of an issue. */
  number?: number;
  body: string | null;
  pull_request?: unknown;
}

/**
 * What a workflow's environment says: GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL.
 * @throws {ToolError} naming what is missing.
 */
export function gitHubFrom({ GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL }: NodeJS.ProcessEnv): GitHub {
  const missing = Object.entries({ GITHUB_TOKEN, GITHUB_REPOSITORY }).flatMap(([name, value]) => (value ? [] : [name]));
  if (missing.length > 0) {
    throw new ToolError(
      `${missing.join(" and ")} must be set, as GitHub Actions sets them: GITHUB_REPOSITORY=owner/name, and the job's token`,
      2,
    );
  }
  return { api: GITHUB_API_URL || "https://api.github.com", repository: String(GITHUB_REPOSITORY), token: String(GITHUB_TOKEN) };
}

/** Edits the pull request's comment that begins with the same line; posts one where there is none, unless there is nothing to tell. */
export async function putComment(gitHub: GitHub, pullRequest: number, body: string): Promise<Posted> {
  const comments = `issues/${pullRequest}/comments`;
  const mine = await find(gitHub, comments, markerOf(body));
  if (mine) await send(gitHub, "PATCH", `issues/comments/${mine.id}`, { body });
  else if (isQuiet(body)) return "nothing to tell";
  else await send(gitHub, "POST", comments, { body });
  return mine ? "edited" : "posted";
}

/** The same with an open issue, whose title is the body's first heading; where there is nothing to tell any more, it is closed. */
export async function putIssue(gitHub: GitHub, body: string): Promise<Posted> {
  const mine = await find(gitHub, "issues?state=open", markerOf(body));
  const [, title = ""] = /^#+ (.*)$/m.exec(body) ?? [];
  if (mine && isQuiet(body)) {
    await send(gitHub, "PATCH", `issues/${mine.number}`, { body, state: "closed" });
    return "closed";
  }
  if (mine) await send(gitHub, "PATCH", `issues/${mine.number}`, { title, body });
  else if (isQuiet(body)) return "nothing to tell";
  else await send(gitHub, "POST", "issues", { title, body });
  return mine ? "edited" : "posted";
}

const markerOf = (body: string): string => body.split("\n")[0] ?? "";
const isQuiet = (body: string): boolean => body.split("\n")[1] === quiet;

const pageSize = 100;

async function find(gitHub: GitHub, path: string, marker: string): Promise<Entry | undefined> {
  for (let page = 1; ; page += 1) {
    const entries = await send<Entry[]>(gitHub, "GET", `${path}${path.includes("?") ? "&" : "?"}per_page=${pageSize}&page=${page}`);
    const found = entries.find(({ body, pull_request }) => !pull_request && markerOf(body ?? "").trimEnd() === marker);
    if (found || entries.length < pageSize) return found;
  }
}

async function send<Answer>({ api, repository, token }: GitHub, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${api}/repos/${repository}/${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "x-github-api-version": "2022-11-28",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (answer.ok) return (await answer.json()) as Answer;
  const hint = answer.status === 403 ? "; the token needs `pull-requests: write` for a comment, `issues: write` for an issue" : "";
  throw new ToolError(`GitHub answered ${answer.status} to ${method} ${path}: ${await reason(answer)}${hint}`);
}

async function reason(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    return String(JSON.parse(text).message);
  } catch {
    return text.slice(0, 200);
  }
}
