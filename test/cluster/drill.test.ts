import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { postgresql } from "../../demo/stores/manifests.ts";
import { Kube, kubeConfig } from "../../drill/kube.ts";
import { send } from "../../probes/request.ts";
import { clusterStatus, startCluster, stopCluster } from "../../tools/cluster/index.ts";
import { projectRoot } from "../../tools/paths.ts";

/** A copy, so that the state, stack and reports of the checkout stay what they are. */
let checkout: string;
let clusterWasRunning: boolean;

beforeAll(async () => {
  clusterWasRunning = (await clusterStatus()).state === "running";
  checkout = mkdtempSync(join(tmpdir(), "drill-test-"));
  const left = /^(node_modules|\.rollback|\.git|Pulumi\..+-drill\.yaml)$/;
  cpSync(projectRoot, checkout, { recursive: true, filter: (source) => !left.test(basename(source)) });
  symlinkSync(join(projectRoot, "node_modules"), join(checkout, "node_modules"));
});

afterAll(async () => {
  if (!clusterWasRunning) await stopCluster();
  rmSync(checkout, { recursive: true, force: true });
});

/** Starts `npm run drill -- <args>`; `reached` resolves when a step begins whose name contains the text. */
function drill(...args: string[]) {
  const child = execa("node", [join(checkout, "tools/main.ts"), "drill", ...args], {
    cwd: checkout,
    preferLocal: true,
    localDir: projectRoot,
    all: true,
    reject: false,
  });
  const reached = (name: string) =>
    new Promise<void>((resolve, reject) => {
      let seen = "";
      child.all.on("data", (chunk) => {
        seen += chunk;
        if (seen.split("\n").some((line) => line.startsWith("… ") && line.includes(name))) resolve();
      });
      child.all.on("end", () => reject(new Error(`the drill ended before "${name}":\n${seen}`)));
    });
  return { child, reached };
}

function lastJournal() {
  const drills = join(checkout, ".rollback/drills");
  const newest = readdirSync(drills).sort().at(-1) ?? "";
  return JSON.parse(readFileSync(join(drills, newest, "journal.json"), "utf8"));
}

function levers(system = "mindmend") {
  const { config } = parse(readFileSync(join(checkout, `stacks/Pulumi.${system}-drill.yaml`), "utf8"));
  return { aiProvider: config["rollback-stacks:aiProvider"], weight: config["rollback-stacks:canary"]?.weight };
}

/** Every row that clients were told of, in the counts after the level and after the way back. */
function expectAllSaved(level: { saved_rows: { after: string; told: number; missing: string[] }[] }): void {
  expect(level.saved_rows).toMatchObject([
    { after: "the level", missing: [] },
    { after: "the way back", missing: [] },
  ]);
  expect(level.saved_rows[0]?.told).toBeGreaterThan(500);
}

/** What a restore lost was counted, by `loss` too, and is there again. */
function expectRecovered({ restoration, saved_rows }: ReturnType<typeof lastJournal>["levels"][number]): void {
  expect(restoration.problems).toEqual([]);
  expect(restoration.lost).toBeGreaterThan(100);
  expect(restoration.lostOfTable).toBeGreaterThanOrEqual(restoration.lost);
  expect(restoration.recovered).toBe(restoration.lostOfTable);
  expect(saved_rows).toMatchObject([
    { after: "the recovery", missing: [] },
    { after: "the way back", missing: [] },
  ]);
}

/** Whether each probe after the levels held, by its name. */
const after = (probes: { activity: { name: string }; tolerance_met: boolean }[]) =>
  Object.fromEntries(probes.map(({ activity, tolerance_met }) => [activity.name, tolerance_met]));

const beforeState = { aiProvider: "gemini", weight: 25 };

/** Tells the stand-in for the AI providers of the drill that runs how to behave. */
async function faults(method: "POST" | "DELETE", fault?: object): Promise<void> {
  const { dial } = await startCluster();
  const host = "ai-providers.mindmend-drill.svc";
  const call = { method, path: "/__faults", timeoutMs: 5000, ...(fault === undefined ? {} : { body: JSON.stringify(fault) }) };
  expect((await send({ kind: "dial", host, dial: () => dial(host, 80) }, call)).status).toBe(200);
}

test("M2, M3, M4, M11: levels 1 to 3 and the partial ones are kept under load: safe in time, nothing dropped, verified, and the before state is back", async () => {
  const { child } = drill();
  const { exitCode, all } = await child;
  expect(all).toMatch(/^Real: a Kubernetes node on this machine/);
  expect(exitCode, all).toBe(0);
  const journal = lastJournal();
  expect(journal).toMatchObject({
    status: "completed",
    deviated: false,
    steady_states: { before: { steady_state_met: true }, after: { steady_state_met: true } },
    levels: [
      { name: "flag", passed: true, shortcomings: [], load: { requests_per_second: 60, failed: 0 } },
      { name: "traffic", passed: true, shortcomings: [], load: { requests_per_second: 60, failed: 0 } },
      { name: "container", passed: true, shortcomings: [], load: { requests_per_second: 60, failed: 0 } },
      { name: "endpoint", passed: true, shortcomings: [], load: { requests_per_second: 60, failed: 0 } },
      { name: "segment", passed: true, shortcomings: [], load: { requests_per_second: 60, failed: 0 } },
    ],
  });
  expect(journal.run.map((entry: { activity: { name: string } }) => entry.activity.name)).toEqual([
    "flag: pulumi config set aiProvider openai",
    "flag: pulumi up --yes --skip-preview",
    "traffic: pulumi config set --path canary.weight 0",
    "traffic: pulumi up --yes --skip-preview",
    "container: pulumi config get --path previous.image",
    expect.stringMatching(/^container: pulumi config set --path stable\.image localhost\/rollback-demo@sha256:/),
    "container: pulumi config rm canary",
    "container: pulumi up --yes --skip-preview",
    "endpoint: pulumi config set --path pins.endpoints /api/therapy-session",
    "endpoint: pulumi up --yes --skip-preview",
    "segment: pulumi config set --path pins.segments enterprise",
    "segment: pulumi up --yes --skip-preview",
  ]);
  expect(levers()).toEqual(beforeState);
});

test("M5: level 4 takes the schema back under load, with the release that knows it first, and no row is lost", async () => {
  const { exitCode, all } = await drill("mindmend", "database", "--data").child;
  expect(exitCode, all).toBe(0);
  const { levels: drilled, run } = lastJournal();
  expect(drilled).toMatchObject([{ name: "database", passed: true, shortcomings: [], load: { requests_per_second: 60, failed: 0 } }]);
  expectAllSaved(drilled[0]);
  expect(run.map((entry: { activity: { name: string } }) => entry.activity.name)).toEqual([
    "database: pulumi config get --path previous.image",
    expect.stringMatching(/^database: pulumi config set --path stable\.image localhost\/rollback-demo@sha256:/),
    "database: pulumi config rm canary",
    "database: pulumi up --yes --skip-preview",
    "database: pulumi config set --path database.revision 0001",
    "database: pulumi up --yes --skip-preview",
  ]);
  expect(levers()).toEqual(beforeState);
});

test("W1, W2, W5: watibot's one lever sends everything back to OpenAI within its minute, its logs say so, and no conversation is lost or touched", async () => {
  const { exitCode, all } = await drill("watibot", "--data").child;
  expect(exitCode, all).toBe(0);
  const journal = lastJournal();
  const [instant] = journal.levels;
  expectAllSaved(instant);
  expect(after(journal.steady_states.after.probes)).toMatchObject({
    "instant: Conversations by the thread of before": true,
    "instant: Vertex AI's sessions, kept for going there again": true,
    "instant: Conversations without the thread by which they are found": true,
  });
  expect(instant).toMatchObject({ name: "instant", passed: true, shortcomings: [], load: { requests_per_second: 60, failed: 0 } });
  expect(levers("watibot")).toEqual({ aiProvider: "vertex" });
});

test("a row that a client was told of and that is gone fails the drill by its name", async () => {
  const { child, reached } = drill("watibot", "--data");
  await reached("instant: load goes on");
  const kube = new Kube(kubeConfig(await startCluster()), "watibot-drill");
  const newest = "SELECT id FROM conversations ORDER BY created_at DESC LIMIT 10";
  const psql = ["psql", "-h", "/tmp", "-U", postgresql.user, "-Atqc", `DELETE FROM conversations WHERE id IN (${newest}) RETURNING id`];
  const deleted = (await kube.exec(`${postgresql.name}-0`, postgresql.name, [...psql, postgresql.database], ""))
    .split("\n")
    .filter(Boolean);
  const { exitCode, all } = await child;
  expect(exitCode, all).toBe(1);
  const [instant] = lastJournal().levels;
  expect(instant.saved_rows.map(({ missing }: { missing: string[] }) => missing.sort())).toEqual([deleted.sort(), deleted]);
  expect(all).toMatch(/^instant: 10 of \d+ saved rows that clients were told of are not in the database after the level: [-0-9a-f, ]+$/m);
});

test("E3, E4, E5: easymo's features go one by one, all at once, or with their functions and package, and every webhook still answers 200", async () => {
  const { exitCode, all } = await drill("easymo").child;
  expect(exitCode, all).toBe(0);
  const passed = { passed: true, shortcomings: [], load: { requests_per_second: 60, failed: 0 } };
  expect(lastJournal().levels).toMatchObject([
    { name: "quick", ...passed },
    { name: "partial", ...passed },
    { name: "full", ...passed },
  ]);
  const { dial } = await startCluster();
  const host = "ai-lookup-customer.easymo-drill.svc";
  const body = JSON.stringify({ customer: "+12025550100" });
  const call = { method: "POST", path: "/functions/v1/ai-lookup-customer", body, timeoutMs: 5000 } as const;
  const answer = await send({ kind: "dial", host, dial: () => dial(host, 80) }, call);
  expect({ ...answer, body: JSON.parse(answer.body) }).toMatchObject({ status: 200, body: { status: "done", feature: "customerLookup" } });
}, 600_000);

test("C1: chat's level 1 disables retries for everybody without downtime, and logs and answers say so", async () => {
  const { exitCode, all } = await drill("chat", "flag").child;
  expect(exitCode, all).toBe(0);
  const [flag] = lastJournal().levels;
  expect(flag).toMatchObject({ name: "flag", passed: true, shortcomings: [], load: { requests_per_second: 60, failed: 0 } });
  const { config } = parse(readFileSync(join(checkout, "stacks/Pulumi.chat-drill.yaml"), "utf8"));
  expect(config["rollback-stacks:flags"]).toEqual({ retryLogic: { enabled: true, percentage: 100 } });
});

test("B1 to B5: wabot's flags for tenants, settings, image and data go back, and within declared maintenance only", async () => {
  const names = ["enhancementsForTenants", "defaults", "code", "database"];
  const { exitCode, all } = await drill("wabot", ...names, "--data").child;
  expect(exitCode, all).toBe(0);
  const { levels, steady_states } = lastJournal();
  expect(levels).toMatchObject(names.map((name) => ({ name, passed: true, shortcomings: [], load: { failed: 0 } })));
  const inMaintenance = levels.filter(({ load }: { load: { maintenance: object | null } }) => load.maintenance !== null);
  expect(inMaintenance).toMatchObject([{ name: "code" }, { name: "database" }]);
  for (const level of levels.slice(0, -1)) expectAllSaved(level);
  expectRecovered(levels.at(-1));
  expect(steady_states.after.probes.map(({ activity }: { activity: { name: string } }) => activity.name)).toEqual(
    expect.arrayContaining([
      "enhancementsForTenants: acme is answered without any enhancement",
      "enhancementsForTenants: globex is answered with all enhancements",
      "defaults: all eight values are the defaults",
      "code: the previous image serves",
      "code: worker and beat are back",
      "database: the previous image serves",
    ]),
  );
}, 1_200_000);

test("a provider that falls silent fails the drill, which says what was dropped and still restores the before state", async () => {
  const { child, reached } = drill("mindmend", "traffic");
  await reached("traffic: pulumi config set");
  await faults("POST", { provider: "openai", silent: true });
  // The update itself fails: it is verified.
  await reached("traffic: restoring the before state");
  await faults("DELETE");
  const { exitCode, all } = await child;
  expect(exitCode, all).toBe(1);
  expect(all).toMatch(/^traffic: \d+ of \d+ requests failed: \d+ × /m);
  expect(all).toMatch(/✘ a therapy session is answered: .* found (HTTP 504|no answer)/);
  expect(lastJournal()).toMatchObject({ status: "aborted", levels: [{ name: "traffic", passed: false }] });
  expect(levers()).toEqual(beforeState);
});

test("Ctrl-C in the middle of a rollback restores the before state and exits with 130", async () => {
  const { child, reached } = drill("mindmend", "flag");
  await reached("flag: pulumi config set");
  child.kill("SIGINT");
  const { exitCode, all } = await child;
  expect({ exitCode, all }).toMatchObject({ exitCode: 130 });
  expect(all).toContain("✔ flag: restoring the before state");
  expect(lastJournal()).toMatchObject({ status: "interrupted" });
  expect(levers()).toEqual(beforeState);
});
