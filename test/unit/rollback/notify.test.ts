import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { plans } from "../../../stacks/plans.ts";
import { rollback, update } from "./operator.ts";

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-11-21T03:00:00Z"), toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

const why = { reason: "p95 3x", incident: "INC-7", requestedBy: "ada" };
const levels: Record<string, string> = { chat: "flag", easymo: "quick", mindmend: "flag", wabot: "harmonization", watibot: "instant" };
const carriedOut = (stack: string) => {
  const change = { level: levels[stack], ...why };
  const done = update(`rollback to ${levels[stack]} by ada: p95 3x (INC-7)`, "2026-11-21T02:50:00Z", 40, change);
  return { stack, change, history: [done] };
};

const messages = (
  await Promise.all(Object.entries(plans).map(async ([system, load]) => Object.keys((await load()).messages).map((name) => [system, name])))
).flat() as [string, string][];

describe("each of the plans' messages is filled in from a rollback that was carried out, and says what a person has to", () => {
  it.each(messages)("%s %s", async (stack, name) => {
    const unsaid = await rollback(["notify", name], carriedOut(stack));
    const missing = [...unsaid.said.matchAll(/ (\w+)=<\w+>/g)].map(([, field]) => field);
    const { printed, said, code } = await rollback(["notify", name, ...missing.map((field) => `${field}=[${field}]`)], carriedOut(stack));
    expect(code).toBe(0);
    expect(`${said}\n${printed}`).toMatchSnapshot();
  });
});

describe("what nothing tells", () => {
  it("is named all at once, with the command to type, and nothing is printed", async () =>
    expect(await rollback(["notify", "internal", "impact=slow answers"], carriedOut("wabot"))).toMatchObject({
      code: 2,
      printed: "",
      said:
        "Filled in from: Strategy 1: message harmonization off, begun 2026-11-21 02:50:00 UTC.\n" +
        "message internal has fields that nothing here tells. Nothing was sent.\n" +
        "  onCall: the engineer on call\n  incidentCommander: who leads\n" +
        "    say it with: rollback notify internal --stack wabot impact='slow answers' onCall=<onCall> incidentCommander=<incidentCommander>",
    }));

  it("is asked on a terminal", async () => {
    const { printed, asked } = await rollback(["notify", "internal"], { ...carriedOut("watibot"), answers: ["slow answers"] });
    expect(asked).toEqual(["impact (what customers notice): "]);
    expect(printed).toBe(
      "ALERT: WatiBot3 Vertex AI Rollback Initiated\nTime: 2026-11-21 02:50:00 UTC\nReason: p95 3x\nImpact: slow answers\nETA to Resolution: 60 seconds",
    );
  });

  it("is named with what was answered where the asking is ended", async () => {
    const { code, printed, said, asked } = await rollback(["notify", "internal"], {
      ...carriedOut("wabot"),
      answers: ["slow answers", ""],
    });
    expect(asked).toEqual(["impact (what users notice): ", "onCall (the engineer on call): ", "incidentCommander (who leads): "]);
    expect({ code, printed }).toEqual({ code: 2, printed: "" });
    expect(said).toMatch(/ --stack wabot impact='slow answers' onCall=<onCall> incidentCommander=<incidentCommander>$/);
  });

  it("is everything where the last update has only inherited its change record", async () => {
    const change = { level: "instant", ...why };
    const history = ["04", "03"].map((hour) => update("a commit", `2026-11-20T${hour}:00:00Z`, 40, change));
    const { code, said } = await rollback(["notify", "internal"], { stack: "watibot", change, history });
    expect(code).toBe(2);
    expect(said).toMatch(/ time=<time> reason=<reason> impact=<impact> eta=<eta>$/);
  });
});

describe("a rollback", () => {
  const fields = ["impact=x", "onCall=x", "incidentCommander=x"];
  const told = async (situation: object) =>
    (await rollback(["notify", "internal", ...fields], { stack: "wabot", ...situation })).printed.match(/^(Reason|ETA|Status): .*$/gm);

  it("that no update has ended yet begins now, and is in progress", async () =>
    expect(await told({ change: { level: "code", ...why } })).toEqual([
      "Reason: p95 3x",
      "ETA: 2026-11-21 03:20:00 UTC",
      "Status: In Progress",
    ]));

  it("of which steps are left began with its first, and is in progress", async () => {
    const change = { level: "code", ...why };
    const step = (minute: string) => update("rollback to code by ada", `2026-11-21T02:${minute}:00Z`, 40, change);
    expect(await told({ change, history: [step("52"), step("50")] })).toEqual([
      "Reason: p95 3x",
      "ETA: 2026-11-21 03:10:00 UTC",
      "Status: In Progress",
    ]);
    expect((await told({ change, history: [step("54"), step("52"), step("50")] }))?.[2]).toBe("Status: Completed");
  });

  it("that failed is not completed", async () => {
    const change = { level: "code", ...why };
    expect((await told({ change, history: [update("rollback to code by ada", "2026-11-21T02:50:00Z", 40, change, "failed")] }))?.[2]).toBe(
      "Status: Not completed",
    );
  });
});

describe("what is typed wrongly", () => {
  it.each([
    ["usrs", [], "the plan of chat has no message usrs. Did you mean users? It has start, progress, completion, users, stakeholders."],
    [
      "start",
      ["reson=x", "eta"],
      "reson is no field of message start. Did you mean reason?\neta has no value; expected eta=<value>\nIts fields: reason, action, eta. Nothing was sent.",
    ],
    ["users", ["--webhook", "ftp://127.0.0.1/x"], 'Failed to parse "ftp://127.0.0.1/x" for webhook: expected http or https, got ftp'],
    ["users", ["--webhook", "hooks"], 'Failed to parse "hooks" for webhook: expected an address, like https://hooks.example/services/…'],
  ])("notify %s %j", async (name, typed, said) => {
    const told = await rollback(["notify", name, ...typed], { stack: "chat" });
    expect(told).toMatchObject({ printed: "", said });
    expect(told.code).not.toBe(0);
  });
});

it("alone lists the messages, with their fields and when they are due", async () =>
  expect((await rollback(["notify"], { stack: "chat" })).printed).toMatchInlineSnapshot(`
    "start  Rollback in progress
      To: Engineering team, channel: Slack #engineering, within 5 minutes.
      - reason: brief description (from the record: reason)
      - action: of the level, such as: Disabling feature flag (from the record: level)
      - eta: the level's time, such as: 5 minutes (from the record: rto)

    progress  Progress
      To: Engineering team, channel: Slack #engineering, every 10 minutes.
      - done: what was done, such as: Feature flag disabled (from the record: outcome)
      - next: what follows, such as: Data integrity check

    completion  Rollback complete
      To: Engineering team, channel: Slack #engineering.
      - status: of the feature, such as: Disabled
      - impact: description
      - integrity: what the queries to the database answered
      - nextSteps: action items

    users  Users, where they noticed it
      To: All users, channel: In-app notification or email.

    stakeholders  Stakeholders
      To: Product, Leadership, channel: Email.
      - reason: why (from the record: reason)
      - experience: description
      - integrity: status
      - timeline: when the feature will return
      - actions: what was done, numbered (from the record: commands)
      - nextSteps: what follows, a line each

    Minutes count from the beginning of the rollback. To fill one in: rollback notify <message>
    [<field>=<value> …]"
  `));

it("--output writes what is printed", async () => {
  const { printed, said, folder } = await rollback(["notify", "customers", "--output", "text.txt"], { stack: "watibot" });
  expect(readFileSync(join(folder, "text.txt"), "utf8")).toBe(`${printed}\n`);
  expect(said).toBe("To: Customers.\n\n\nWritten to text.txt.");
});

it("--output says why a file cannot be written", async () =>
  expect(await rollback(["notify", "customers", "--output", "none/text.txt"], { stack: "watibot" })).toMatchObject({
    code: 1,
    said: expect.stringMatching(/^To: Customers\.\n\nnot written: ENOENT: .*none\/text\.txt'$/),
  }));

describe("a webhook", () => {
  const got: { method: string | undefined; path: string | undefined; type: string | undefined; body: string }[] = [];
  let server: Server;
  let origin: string;
  beforeEach(async () => {
    got.length = 0;
    server = createServer(async (request, response) => {
      const body = (await request.toArray()).join("");
      got.push({ method: request.method, path: request.url, type: request.headers["content-type"], body });
      const status = Number(request.url?.slice(1));
      response.writeHead(status, status === 302 ? { location: "/200" } : {}).end(status === 200 ? "ok" : "no such hook");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => void server.close());
  const posting = (path: string) => rollback(["notify", "customers", "--webhook", `${origin}${path}`], { stack: "watibot" });

  it("is posted the text as JSON, and what answered is said", async () => {
    const { code, printed, said } = await posting("/200");
    expect({ code, said }).toEqual({ code: 0, said: `To: Customers.\n\n\nPosted: ${origin} answered 200 OK: ok` });
    expect(got).toEqual([{ method: "POST", path: "/200", type: "application/json", body: JSON.stringify({ text: printed }) }]);
  });

  it("that refuses is a failure, and its path, which may be a secret, is not told", async () =>
    expect(await posting("/404")).toMatchObject({
      code: 1,
      said: `To: Customers.\n\nnot posted: ${origin} answered 404 Not Found: no such hook`,
    }));

  it("that leads elsewhere is not followed", async () => {
    expect(await posting("/302")).toMatchObject({ code: 1, said: expect.stringContaining(`not posted: ${origin} answered 302 Found`) });
    expect(got).toHaveLength(1);
  });

  it("that does not answer is a failure", async () => {
    await new Promise((resolve) => server.close(resolve));
    const { code, said } = await posting("/200");
    expect({ code, said }).toEqual({
      code: 1,
      said: `To: Customers.\n\nnot posted: ${origin} does not answer: connect ECONNREFUSED ${origin.slice("http://".length)}`,
    });
  });
});
