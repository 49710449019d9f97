import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { purl } from "../../../cli/report/purl.ts";
import { plans } from "../../../stacks/plans.ts";
import { rollback, update } from "./operator.ts";

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-11-21T05:00:00Z"), toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

const image = `registry.example/team/app@sha256:${"2".repeat(64)}`;
const why = { reason: "p95 3x", severity: "high", incident: "INC-7", requestedBy: "ada" };
const rolledOut = update("merge 4711", "2026-11-21T01:00:00Z", 60, {}, "succeeded", {
  aiProvider: "gemini",
  stable: { image },
  canary: { image, weight: 25 },
});

/** The newest first. */
const levels: Record<string, string> = { chat: "flag", easymo: "quick", mindmend: "traffic", wabot: "harmonization", watibot: "instant" };
const happened = (
  stack: string,
  levers: Record<string, unknown> = { aiProvider: "gemini", stable: { image }, canary: { image, weight: 0 } },
) => {
  const change = { level: levels[stack], ...why };
  return [
    update(`rollback to ${levels[stack]} by ada: p95 3x (INC-7)`, "2026-11-21T02:50:00Z", 40, change, "succeeded", levers),
    rolledOut,
  ];
};

const reports = (
  await Promise.all(
    Object.entries(plans).map(async ([system, load]) =>
      [...Object.keys((await load()).reports), "postMortem"].map((name) => [system, name]),
    ),
  )
).flat() as [string, string][];

describe("B11, C8, M9: each of the plans' reports, and the post-mortem, is filled in from what happened; what is not known stays a place in brackets", () => {
  it.each(reports)("%s %s", async (stack, name) => {
    const { code, printed, said } = await rollback(["report", name], { stack, history: happened(stack) });
    expect(code).toBe(0);
    expect(`${printed}\n---\n${said}`).toMatchSnapshot();
  });
});

it("what a person types comes before what is on record, with times in UTC", async () => {
  const typed = ["detected=2026-11-21T03:41+01:00", "decided=2026-11-21 02:45 UTC", "executedBy=ada and bob", "nextSteps=find the leak"];
  const { printed } = await rollback(["report", "rollbackLog", ...typed], { stack: "wabot", history: happened("wabot") });
  expect(printed).toContain("**Executed By**: ada and bob\n");
  expect(printed).toContain("- 2026-11-21 02:41:00 UTC: Issue detected\n- 2026-11-21 02:45:00 UTC: Rollback decision made\n");
  expect(printed).toContain("## Next Steps\n1. find the leak\n");
});

describe("which rollback", () => {
  const failed = update(
    "rollback to flag by bob (INC-7)",
    "2026-11-21T02:40:00Z",
    30,
    { level: "flag", incident: "INC-7", requestedBy: "bob" },
    "failed",
  );
  const undone = update("rollback undo by ada", "2026-11-21T03:50:00Z", 40, { requestedBy: "ada" });
  const timeline = async (history: object[], ...args: string[]) => {
    const { code, printed, said } = await rollback(["report", "postMortem", ...args], { stack: "mindmend", history });
    return code === 0 ? printed.match(/^- .*: rollback .*$/gm) : said;
  };

  it("is the last one, with every update for the same incident", async () => {
    const [traffic, ...before] = happened("mindmend");
    expect(await timeline([traffic as object, failed, ...before])).toEqual([
      "- 2026-11-21 02:40:00 UTC: rollback to flag by bob, 30 s, ended failed",
      "- 2026-11-21 02:50:00 UTC: rollback to traffic by ada, 40 s, ended verified",
    ]);
  });

  it("is not the undoing of it, nor an update that only inherited its record", async () => {
    const [traffic, ...before] = happened("mindmend");
    const merged = update("merge 4712", "2026-11-21T04:00:00Z", 60, { requestedBy: "ada" });
    expect(await timeline([merged, undone, traffic as object, ...before])).toEqual([
      "- 2026-11-21 02:50:00 UTC: rollback to traffic by ada, 40 s, ended verified",
    ]);
  });

  it("is one that was typed with pulumi, where its change record says so", async () => {
    const byHand = update("", "2026-11-21T02:50:00Z", 40, { level: "traffic", ...why });
    const { printed } = await rollback(["report", "incident"], { stack: "mindmend", history: [byHand, rolledOut] });
    expect(printed).toContain("**Level**: Level 2: traffic shift\n");
  });

  it("may be asked for by its incident", async () => {
    const other = update("rollback to flag by bob (INC-6)", "2026-11-20T02:40:00Z", 30, {
      level: "flag",
      incident: "INC-6",
      requestedBy: "bob",
    });
    expect(await timeline([...happened("mindmend").slice(0, 1), other], "--incident", "INC-6")).toEqual([
      "- 2026-11-20 02:40:00 UTC: rollback to flag by bob, 30 s, ended verified",
    ]);
  });

  it("of several steps is one, which is under way until the last has ended", async () => {
    const change = { level: "code", ...why };
    const step = (minute: string) => update("rollback to code by ada", `2026-11-21T02:${minute}:00Z`, 40, change);
    const { printed, said } = await rollback(["report", "rollbackLog"], { stack: "wabot", history: [step("52"), step("50"), rolledOut] });
    expect(said).toMatch(/^Of rollback to code, begun 2026-11-21 02:50:00 UTC: under way\.\n/);
    expect(printed).toContain("- [Time]: Rollback completed\n");
  });

  it("is said not to be there, with where to look", async () => {
    expect(await timeline([rolledOut])).toBe(
      "no rollback is in the last 1 updates of stack mindmend.\n    look with: rollback history --stack mindmend --count 50",
    );
  });
});

describe("as CDEvents", () => {
  const typed = ["detected=2026-11-21T02:41Z", "reported=2026-11-21T02:43Z", "ticket=https://tickets.example/INC-7"];
  const events = async (args: string[], history = happened("mindmend")) => {
    const { printed, said } = await rollback(["report", "--format", "cdevents", ...args], { stack: "mindmend", history });
    return { events: JSON.parse(printed), said };
  };

  it("they are those of the specification, in the order in which things happened", async () => {
    const { events: found, said } = await events(typed);
    expect(said).toBe("Of rollback to traffic, begun 2026-11-21 02:50:00 UTC: verified.");
    expect(found).toMatchSnapshot();
  });

  it("what nobody knows is no event, and is named", async () => {
    const { events: found, said } = await events([]);
    expect(found.map(({ context }: { context: { type: string } }) => context.type)).toEqual([
      "dev.cdevents.service.deployed.0.3.0",
      "dev.cdevents.service.rolledback.0.3.0",
      "dev.cdevents.incident.resolved.0.3.0",
    ]);
    expect(said).toBe(
      "Of rollback to traffic, begun 2026-11-21 02:50:00 UTC: verified.\nNot on record, and so no event:\n" +
        "    incident.detected: detected=<time>\n    incident.reported: reported=<time> ticket=<address>",
    );
  });

  it("have the same ids when they are told again", async () => expect(await events(typed)).toEqual(await events(typed)));
});

describe("what is typed wrongly", () => {
  it.each([
    [["postmortem"], "the plan of wabot has no report postmortem. Did you mean postMortem? It has rollbackLog, postMortem."],
    [
      ["rollbackLog", "detected=02:41", "imact=x"],
      /^imact is no field of report rollbackLog\. Did you mean impact\?\nIts fields: date, .*\. Nothing was written\.$/,
    ],
    [
      ["rollbackLog", "detected=02:41", "decided=2026-11-21T02:41"],
      "detected: expected a time with its zone, like 2026-11-21T02:41Z, got 02:41\n" +
        "decided: expected a time with its zone, like 2026-11-21T02:41Z, got 2026-11-21T02:41\nNothing was written.",
    ],
    [
      ["--format", "cdevents", "start=x"],
      /^start is no field of CDEvents\.\nIts fields: detected, reported, ticket\. Nothing was written\.$/s,
    ],
  ])("report %j", async (args, said) => {
    const found = await rollback(["report", ...args], { stack: "wabot", history: happened("wabot") });
    expect(found).toMatchObject({ printed: "", code: 2 });
    expect(found.said).toMatch(said);
  });
});

it("alone lists the reports, with what is on record of each", async () =>
  expect((await rollback(["report"], { stack: "mindmend" })).printed).toMatchSnapshot());

it("--output writes what is printed", async () => {
  const { printed, folder } = await rollback(["report", "incident", "--output", "incident.md"], {
    stack: "mindmend",
    history: happened("mindmend"),
  });
  expect(readFileSync(join(folder, "incident.md"), "utf8")).toBe(`${printed}\n`);
});

it.each([
  [image, `pkg:oci/app@sha256%3A${"2".repeat(64)}?repository_url=registry.example/team/app`],
  ["127.0.0.1:5000/App:v1", "pkg:oci/app?repository_url=127.0.0.1:5000/App&tag=v1"],
])("the image %s is the package %s", (one, expected) => expect(purl(one)).toBe(expected));
