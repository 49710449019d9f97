import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { projectRoot } from "../../tools/paths.ts";
import { versions } from "../../tools/versions.ts";

interface Job {
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  concurrency?: { group: string; "cancel-in-progress": boolean };
  environment?: string;
  if?: string;
  env?: Record<string, string>;
  steps: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const read = (file: string): string => readFileSync(join(projectRoot, file), "utf8");
const folder = ".github/workflows";
const files = [...readdirSync(join(projectRoot, folder)).map((file) => `${folder}/${file}`), ".github/actions/prepare/action.yml"];
const workflows = files.filter((file) => file.startsWith(folder));
const workflow = (name: string): Workflow => parse(read(`${folder}/${name}.yml`));

describe.each(files)("%s", (file) => {
  it("pins each action of others by commit, with its version beside it", () => {
    const uses = [...read(file).matchAll(/uses: (.*)/g)].map(([, used = ""]) => used);
    expect(uses.filter((used) => !/^(\.\/|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/.test(used))).toEqual([]);
  });

  it("puts nothing that somebody else writes into a script", () => {
    const { jobs, runs } = parse(read(file)) as Partial<Workflow> & { runs?: Job };
    const steps = [...Object.values(jobs ?? {}), ...(runs ? [runs] : [])].flatMap((job) => job.steps);
    expect(steps.filter(({ run }) => /\$\{\{/.test(run ?? ""))).toEqual([]);
  });
});

describe.each(workflows)("%s", (file) => {
  const { on, permissions, jobs } = parse(read(file)) as Workflow;

  it("gives no job more than the permissions that it names, and ends each in time", () => {
    expect(permissions).toEqual({});
    for (const [name, job] of Object.entries(jobs)) {
      expect(job.permissions, name).toBeDefined();
      expect(job["timeout-minutes"], name).toBeGreaterThan(0);
    }
  });

  it("runs no pull request's code with the base's credentials", () => {
    expect(Object.keys(on)).not.toContain("pull_request_target");
    expect(Object.keys(on)).not.toContain("workflow_run");
  });
});

describe("a pull request from a fork", () => {
  const { jobs } = workflow("preview");
  const { fork, ...own } = jobs as Record<string, Job> & { fork: Job };

  it("is previewed without credentials, and by no other job", () => {
    expect(fork.permissions).toEqual({ contents: "read" });
    expect([fork.environment, fork.env]).toEqual([undefined, undefined]);
    expect(fork.steps.map(({ run = "" }) => run).join("\n")).toContain("--offline");
    expect(JSON.stringify(fork)).not.toContain("secrets.");
    for (const job of Object.values(own)) expect(job.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
  });
});

describe("a merge", () => {
  const { deploy } = workflow("deploy").jobs as { deploy: Job };

  it("updates a stack once its environment agrees, one update at a time, and interrupts none", () => {
    expect(deploy.environment).toMatch(/^\$\{\{ matrix\.stack \}\}$/);
    expect(deploy.concurrency?.group).toMatch(/^deploy-\$\{\{ matrix\.stack \}\}$/);
    expect(deploy.concurrency?.["cancel-in-progress"]).toBe(false);
  });

  it("is carried out by the toolchain's Pulumi, with the policy pack", () => {
    const up = deploy.steps.find(({ uses = "" }) => uses.startsWith("pulumi/actions@"));
    expect(up?.with).toMatchObject({ command: "up", policyPacks: "policies", "pulumi-version": versions.pulumi });
  });
});

describe("docs/ci.md", () => {
  const page = read("docs/ci.md");
  const [, gitlab = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  const scripts = Object.keys(JSON.parse(read("package.json")).scripts);

  it("has a .gitlab-ci.yml with a job for each workflow but the tests'", () => {
    const { workflow: rules, ...jobs } = parse(gitlab);
    expect(Object.keys(jobs).filter((name) => !name.startsWith(".") && !["stages", "default", "variables"].includes(name))).toEqual([
      "preview",
      "deploy",
      "drift",
      "drill",
    ]);
    expect(rules).toBeDefined();
  });

  it("names only commands that there are", () => {
    const named = [...page.matchAll(/npm run (?:--silent )?([\w-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !scripts.includes(String(name)))).toEqual([]);
    expect(named).toEqual(expect.arrayContaining(["pr-preview", "drift", "drill", "post"]));
  });

  it("names every variable and secret that the workflows read", () => {
    const names = files.flatMap((file) => [...read(file).matchAll(/(?:vars|secrets)\.(\w+)/g)].map(([, name = ""]) => name));
    expect([...new Set(names)].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
