/** `npm run post`: puts a report on GitHub. */

import { readFileSync } from "node:fs";
import { ToolError } from "../tools/errors.ts";
import { gitHubFrom, putComment, putIssue } from "./github.ts";

const usage = `npm run post -- comment PULL_REQUEST FILE   what npm run pr-preview wrote, as the pull request's one comment
npm run post -- issue FILE                  what npm run drift wrote, as an issue of its own, closed once there is no drift`;

export async function postCommand(argv: string[]): Promise<number> {
  const [what, ...rest] = argv;
  const file = rest.at(-1) ?? "";
  if (what === "comment" && rest.length === 2 && /^\d+$/.test(rest[0] ?? "")) {
    console.log(await putComment(gitHubFrom(process.env), Number(rest[0]), readFileSync(file, "utf8")));
  } else if (what === "issue" && rest.length === 1) {
    console.log(await putIssue(gitHubFrom(process.env), readFileSync(file, "utf8")));
  } else {
    throw new ToolError(`"${argv.join(" ")}" is not understood. There is:\n\n${usage}`, 2);
  }
  return 0;
}
