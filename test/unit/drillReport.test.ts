import { expect, test } from "vitest";
import { journal } from "../../drill/journal.ts";
import { type DrillOutcome, type LevelOutcome, shortcomings } from "../../drill/outcome.ts";
import { overviewMarkdown } from "../../drill/overview.ts";
import { reportMarkdown } from "../../drill/report.ts";
import { measure, type RequestRecord } from "../../drill/safety.ts";
import { markdownTable, terminalTable } from "../../drill/table.ts";
import { timelineSvg } from "../../drill/timeline.ts";
import { seriesOf } from "../../drill/timelinePanels.ts";
import type { ProbeResult } from "../../probes/context.ts";
import type { CommandRun } from "../../pulumi/pulumi.ts";

const start = Date.UTC(2026, 1, 3, 10, 0, 0);
const pulledAt = start + 5000;

function run(command: string, from: number, to: number, exitCode = 0): CommandRun {
  return { command, startedAt: pulledAt + from, endedAt: pulledAt + to, exitCode, output: "", stdout: "" };
}

function probe(passed: boolean | null): ProbeResult {
  return {
    name: "health answers 200",
    expected: "HTTP 200",
    found: passed ? "HTTP 200" : "HTTP 503",
    passed,
    startedAt: start,
    endedAt: start + 10,
  };
}

function records(unsafeUntil: number, failures = 0): RequestRecord[] {
  return Array.from({ length: 900 }, (_, index) => {
    const scheduledAt = start + index * (1000 / 60);
    const unsafe = scheduledAt < pulledAt + unsafeUntil && index % 4 === 0;
    const drop = index >= 400 && index < 400 + failures;
    return {
      scheduledAt,
      startedAt: scheduledAt,
      endedAt: scheduledAt + 20,
      latencyMs: 20,
      track: drop ? null : unsafe ? "canary" : "stable",
      provider: drop ? null : unsafe ? "gemini" : "openai",
      release: drop ? null : "r1",
      status: drop ? null : 200,
      retryAfterSeconds: null,
      saved: null,
      error: drop ? "connect ECONNREFUSED" : null,
    };
  });
}

function level(changes: Partial<LevelOutcome> = {}): LevelOutcome {
  const sent = changes.records ?? records(2300);
  const safe = { provider: "openai" };
  return {
    name: "flag",
    title: "Level 1: feature flag",
    rtoSeconds: 30,
    safe,
    maintenance: [],
    startedAt: pulledAt,
    endedAt: start + 20_000,
    before: [probe(true)],
    after: [probe(true)],
    commands: [run("pulumi config set aiProvider openai", 0, 600), run("pulumi up --yes --skip-preview", 600, 9400)],
    rollbacks: [run("pulumi config set aiProvider gemini", 20_000, 20_500), run("pulumi up --yes --skip-preview", 20_500, 26_000)],
    marks: { pulledAt, upStartedAt: pulledAt + 600, upEndedAt: pulledAt + 9400 },
    measurement: measure(sent, { pulledAt, safe }),
    records: sent,
    saved: [],
    restoration: null,
    database: null,
    rate: 60,
    error: null,
    ...changes,
  };
}

function drill(...levels: LevelOutcome[]): DrillOutcome {
  return {
    system: "mindmend",
    stack: "mindmend-drill",
    ground: "node",
    reality: "Real: everything.",
    startedAt: start,
    endedAt: start + 60_000,
    interrupted: false,
    levels,
  };
}

const silent = () => level({ records: records(2300, 3) });
const late = () => level({ rtoSeconds: 2 });

test("a level that kept its objective, dropped nothing and verified has no shortcoming", () => {
  expect(shortcomings(level())).toEqual([]);
});

test("each shortcoming is said: objective missed, requests dropped, probe failed", () => {
  expect(shortcomings(late())).toEqual(["RTO missed: safe after 2.3 s, 2 s allowed"]);
  expect(shortcomings(silent())).toEqual(["3 of 900 requests failed: 3 × connect ECONNREFUSED"]);
  expect(shortcomings(level({ after: [probe(false)] }))).toEqual(["verification: health answers 200: expected HTTP 200, found HTTP 503"]);
  expect(shortcomings(level({ records: records(60_000) }))).toEqual([
    "safety was not reached: answers that were not safe until the end of the load (RTO 30 s)",
  ]);
});

test("a probe that cannot be known in a simulated cluster is not a failed one, and is counted apart", () => {
  const simulated = level({ after: [probe(true), probe(null)], rate: 0, records: [] });
  expect(markdownTable([drill(simulated)])).toContain("| 1/1 (1 not real here) |");
});

test("the table has a row a level with objective, time to safety and verdict", () => {
  const rows = markdownTable([drill(level(), silent())]).split("\n");
  expect(rows[2]).toBe("| flag | 30 s | 2.3 s | 8.8 s | 900 | 0 | 20 ms → 20 ms | 1/1 | passed |");
  expect(rows[3]).toBe("| flag | 30 s | 2.3 s | 8.8 s | 900 | 3 | 20 ms → 20 ms | 1/1 | FAILED |");
  expect(terminalTable([drill(level())])).toContain("flag   30 s  2.3 s           8.8 s");
});

test("several systems are one table and one page, with the way to each report", () => {
  const outcomes = [drill(level()), { ...drill(silent()), system: "watibot" }];
  expect(markdownTable(outcomes).split("\n").slice(2)).toEqual([
    "| mindmend | flag | 30 s | 2.3 s | 8.8 s | 900 | 0 | 20 ms → 20 ms | 1/1 | passed |",
    "| watibot | flag | 30 s | 2.3 s | 8.8 s | 900 | 3 | 20 ms → 20 ms | 1/1 | FAILED |",
  ]);
  const page = overviewMarkdown(
    { startedAt: start, endedAt: start + 61_000, outcomes, broken: ["chat: no cluster"] },
    ({ system }) => `../${system}/report.md`,
  );
  expect(page).toContain("2026-02-03 10:00 UTC · took 61 s · 2 systems, 2 levels");
  expect(page).toContain("**Not drilled:**\n\n- chat: no cluster");
  expect(page).toContain("- [mindmend](../mindmend/report.md): passed\n- [watibot](../watibot/report.md): **failed**");
});

test("B3: table, report, picture and journal show declared maintenance apart from failures: how many, for how long", () => {
  const declared = [{ from: pulledAt, to: pulledAt + 4000 }];
  const sent = records(2300).map((record) =>
    record.scheduledAt >= pulledAt + 1000 && record.scheduledAt < pulledAt + 3000
      ? { ...record, track: null, provider: null, release: null, status: 503, retryAfterSeconds: 60 }
      : record,
  );
  const measurement = measure(sent, { pulledAt, safe: { provider: "openai" }, maintenance: declared });
  const maintained = drill(level({ maintenance: declared, records: sent, measurement }), level());
  expect(shortcomings(maintained.levels[0] as LevelOutcome)).toEqual([]);
  expect(markdownTable([maintained]).split("\n")).toEqual([
    "| level | RTO | time to safety | pulumi up | requests | failed | in maintenance | p95 before → after | verified | result |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    "| flag | 30 s | 3.0 s | 8.8 s | 900 | 0 | 120 for 2.0 s | 20 ms → 20 ms | 1/1 | passed |",
    "| flag | 30 s | 2.3 s | 8.8 s | 900 | 0 | – | 20 ms → 20 ms | 1/1 | passed |",
  ]);
  expect(reportMarkdown(maintained)).toContain(
    "In maintenance, as the level declares it: 120 requests were answered 503 with `Retry-After`, for 2.0 s.",
  );
  const svg = timelineSvg(maintained);
  expect(svg).toContain("maintenance · 503 with Retry-After (120)");
  expect(svg).toContain("in maintenance for 2.0 s · 0 of 900 requests failed");
  expect(journal(maintained, "0.1.0").levels[0]).toMatchObject({ load: { failed: 0, maintenance: { told_to_come_back: 120 } } });
});

test("the table, the report and the journal count the rows that clients were told of, and one that is gone fails the level by its name", () => {
  const kept = [
    { after: "the level", told: 700, missing: [] },
    { after: "the way back", told: 700, missing: [] },
  ] satisfies LevelOutcome["saved"];
  const lost = [kept[0], { after: "the way back", told: 700, missing: ["4b6f"] }] as LevelOutcome["saved"];
  const counted = drill(level({ saved: kept }), level({ saved: lost }), level());
  expect(counted.levels.map(shortcomings)).toEqual([
    [],
    ["1 of 700 saved rows that clients were told of are not in the database after the way back: 4b6f"],
    [],
  ]);
  expect(markdownTable([counted]).split("\n")).toEqual([
    "| level | RTO | time to safety | pulumi up | requests | failed | saved rows | p95 before → after | verified | result |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    "| flag | 30 s | 2.3 s | 8.8 s | 900 | 0 | 700 of 700 | 20 ms → 20 ms | 1/1 | passed |",
    "| flag | 30 s | 2.3 s | 8.8 s | 900 | 0 | 699 of 700 | 20 ms → 20 ms | 1/1 | FAILED |",
    "| flag | 30 s | 2.3 s | 8.8 s | 900 | 0 | – | 20 ms → 20 ms | 1/1 | passed |",
  ]);
  expect(reportMarkdown(counted)).toContain(
    "After the level, saved rows: 700 told, 700 there. After the way back, saved rows: 700 told, 699 there.",
  );
  const { levels } = journal(counted, "0.1.0");
  expect(levels.map(({ saved_rows }) => saved_rows)).toEqual([
    [
      { after: "the level", told: 700, there: 700, missing: [] },
      { after: "the way back", told: 700, there: 700, missing: [] },
    ],
    [
      { after: "the level", told: 700, there: 700, missing: [] },
      { after: "the way back", told: 700, there: 699, missing: ["4b6f"] },
    ],
    [],
  ]);
});

test("the report says what each step on the database took, and of how large a database", () => {
  const steps = ["assess", "backup", "change"].map((step, index) => ({ step, seconds: index + 1 }));
  const database = { bytes: 1.25 * 2 ** 30, steps, backup: { dump: 0.52, restore: 1.3 } };
  const line = "Steps on the database of 1.25 GiB: assess 1 s, backup 2 s (dump 0.5 s, trial restore 1.3 s), change 3 s.";
  expect(reportMarkdown(drill(level({ database })))).toContain(line);
  expect(journal(drill(level({ database })), "1.0.0").levels[0]).toMatchObject({ database });
});

test("what is wrong with a restore fails the level, and the report says what was lost", () => {
  const backup = { file: "b.dump", takenAt: "2026-02-03T10:00:01.000Z" };
  const lost = { told: 900, lost: 12, table: "messages", lostOfTable: 24, recovered: 24 };
  const window = { from: "2026-02-03T10:00:01.000Z", to: "2026-02-03T10:00:03.500Z", seconds: 2.5 };
  const restored = level({ restoration: { backup, forensic: backup, window, ...lost, problems: ["1 saved rows are gone: a"] } });
  expect(shortcomings(restored)).toEqual(["1 saved rows are gone: a"]);
  expect(reportMarkdown(drill(restored))).toContain("Lost: 12 of 900 rows that clients were told of, among 24 of `messages`.");
});

test("the report shows the picture, the literal commands and what failed", () => {
  const text = reportMarkdown(drill(silent()));
  expect(text).toContain("(timeline.svg)");
  expect(text).toContain("| `pulumi config set aiProvider openai` | +0.0 s | 0.6 s | 0 |");
  expect(text).toContain("- 3 of 900 requests failed: 3 × connect ECONNREFUSED");
  expect(text).toContain("The before state was restored in 6.0 s:");
});

test("the timeline tells answers of the release before from those after, where that makes them safe", () => {
  const answered = records(2300).map((record) => ({ ...record, release: record.endedAt < pulledAt + 3000 ? "r1" : "r2" }));
  const labels = seriesOf({ ...level(), records: answered, safe: { releases: ["r2"] } }).map(({ label, records: { length } }) => [
    label,
    length,
  ]);
  expect(labels).toEqual([
    ["stable · openai, after", 421],
    ["stable · openai, before", 369],
    ["canary · gemini, before", 110],
  ]);
});

test("the timeline marks lever, start, safety and end of the update, and shows failures apart", () => {
  const svg = timelineSvg(drill(silent()));
  const labels = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, label]) => label);
  expect(labels).toEqual(
    expect.arrayContaining([
      "lever pulled: pulumi config set aiProvider openai",
      "pulumi up started  +0.6 s",
      "safe: last unsafe answer ended  +2.3 s",
      "pulumi up finished  +9.4 s",
      "failed (3)",
    ]),
  );
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test("a simulated drill has a timeline of its commands", () => {
  const measured = level().measurement;
  const svg = timelineSvg(drill(level({ records: [], rate: 0, measurement: measured })));
  expect(svg).toContain("safe in the API server");
  expect(svg).not.toMatch(/NaN|Infinity|undefined|answers\/s/);
});

test("the journal has Chaos Toolkit's names", () => {
  const passed = journal(drill(level()), "0.1.0");
  expect(passed).toMatchObject({
    status: "completed",
    deviated: false,
    start: "2026-02-03T10:00:00.000Z",
    duration: 60,
    steady_states: { before: { steady_state_met: true }, after: { steady_state_met: true }, during: [] },
    levels: [{ name: "flag", passed: true, rto_seconds: 30, up_seconds: 8.8 }],
  });
  expect(passed.run.map(({ activity }) => activity.name)).toEqual([
    "flag: pulumi config set aiProvider openai",
    "flag: pulumi up --yes --skip-preview",
  ]);
  expect(passed.rollbacks).toHaveLength(2);
});

test("the journal of a failed verification deviated; of a missed objective it only failed", () => {
  expect(journal(drill(level({ after: [probe(false)] })), "0.1.0")).toMatchObject({ status: "failed", deviated: true });
  expect(journal(drill(late()), "0.1.0")).toMatchObject({ status: "failed", deviated: false });
  expect(journal({ ...drill(level()), interrupted: true }, "0.1.0")).toMatchObject({ status: "interrupted" });
});
