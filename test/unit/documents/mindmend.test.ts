import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { definePlan, type PlanInput } from "../../../components/plan/plan.ts";
import { goldensFolder } from "../../../pages/goldens/main.ts";
import { runbook } from "../../../pages/runbook/runbook.ts";
import mindmend from "../../../stacks/mindmend.ts";
import { plans } from "../../../stacks/plans.ts";

const page = runbook(mindmend);

/** The page's part under a heading, up to the next one of its depth. */
const part = (heading: string): string =>
  page
    .split(`\n${heading}\n`)[1]
    ?.split(/\n##+ /)[0]
    ?.trim() ?? "";

/** The plan with another drill; refused where that contradicts it. */
const withDrill = (drill: Partial<PlanInput["objectives"]["drill"]>): PlanInput => ({
  ...mindmend,
  objectives: { ...mindmend.objectives, drill: { ...mindmend.objectives.drill, ...drill } },
});

describe("M1: recovery in less than five minutes without losing data", () => {
  it("is what every level promises, and a level that takes longer is refused", () => {
    expect(mindmend.objectives).toMatchObject({ rtoSeconds: 300, rpoSeconds: 0 });
    const slow = { ...mindmend, levels: { ...mindmend.levels, traffic: { ...mindmend.levels.traffic, rtoSeconds: 301 } } } as PlanInput;
    expect(() => definePlan(slow)).toThrow(
      "levels.traffic.rtoSeconds: 301 s is longer than the 300 s that objectives.rtoSeconds promises for every level",
    );
  });

  it("touches nothing that holds data but in the database's own level: the others change Deployments and traffic, and run the probes", () => {
    const levels = readdirSync(goldensFolder).filter((name) => /^mindmend\.(?!database\.).*\.txt$/.test(name));
    const changed = levels.flatMap((name) =>
      [...readFileSync(join(goldensFolder, name), "utf8").matchAll(/^(?:\d+\.|last) [-+~] (Job [a-z-]+[a-z]|\w+)/gm)].map(
        ([, kind]) => kind,
      ),
    );
    expect(levels.length).toBe(Object.keys(mindmend.levels).length - 1);
    expect([...new Set(changed)].sort()).toEqual(["Deployment", "HTTPRoute", "Job mindmend-verification", "Service"]);
  });
});

describe("M7: what is validated after a rollback", () => {
  it("is probed after every update: health, a session, pods, 100 sessions at once, errors, latency", () => {
    expect(mindmend.verification).toMatchObject([
      { type: "http", path: "/health", status: 200 },
      { type: "http", path: "/api/therapy-session", status: 200 },
      { type: "pods", count: 4 },
      { type: "errorRate", requests: 100, atOnce: 100, below: 0.01 },
      { type: "latency", requests: 100, quantile: 0.95 },
    ]);
  });

  it("is a checklist for the rest", () => {
    expect(part("### After").split("\n")).toEqual([
      "- [ ] `/health` returns 200",
      "- [ ] Database connection works",
      "- [ ] Redis connection works",
      "- [ ] All pods are ready",
      "- [ ] A user can log in",
      "- [ ] A therapy session works, and AI responses are generated",
      "- [ ] Sessions are saved to the database",
      "- [ ] The dashboard loads",
      "- [ ] 100 requests at once: no errors, or very few",
      "- [ ] Error rate below 1 %, latency p95 at baseline, no 500 errors",
      "- [ ] CPU and memory usage normal, active users not affected",
    ]);
  });
});

it("M8: pods, recent errors, request rate and health are watched during a rollback", () => {
  expect(part("### During").split("\n")).toEqual([
    "- [ ] Every 10 seconds, until everything below is as it should be:",
    "- [ ] Pods: `kubectl get pods -l app=mindmend -o wide`",
    "- [ ] Recent errors: `kubectl logs -l app=mindmend --tail=20 | grep -i error`",
    '- [ ] Request rate: `kubectl logs -l app=mindmend --tail=500 | grep -c "POST /api"`',
    "- [ ] Health: `curl -s <address>/health`",
  ]);
});

describe("M9: the evidence", () => {
  it("is kept within the hour, and before the canary goes", () => {
    expect(part("### Within 1 hour: Tell, and keep the evidence")).toContain("- Save the logs and metrics of the canary, before it goes");
  });

  it("is an incident report: what triggered the rollback, what was done, its impact, the root cause", () => {
    const headings = mindmend.reports.incident?.sections.flatMap(({ title }) => title ?? []);
    expect(headings).toEqual(["What triggered the rollback", "What actions were taken", "What the impact was", "Root cause", "Evidence"]);
    expect(page).toContain("### Incident report\n\n```markdown\n# Incident report\n");
  });
});

describe("M10: the monthly drill", () => {
  it("rehearses level 2, with what makes it a success", () => {
    expect(mindmend.objectives.drill).toMatchObject({ everyDays: 31, level: "traffic" });
    expect(mindmend.levels.traffic).toMatchObject({ rows: ["M3"], rtoSeconds: 120 });
    const { traffic } = JSON.parse(readFileSync(join(import.meta.dirname, "../../../stacks/drills/mindmend.json"), "utf8"));
    expect(part("## Rehearsal")).toBe(
      [
        "Every 31 days, on this machine, with nothing of the running system touched:",
        "```sh\nnpm run drill -- mindmend traffic\n```",
        `Last tested: ${traffic.at.slice(0, 10)}, safe after ${traffic.seconds.toFixed(1)} s.`,
        "It is a success when:",
        "- [ ] Rollback completed in under 5 minutes\n- [ ] All validation checks pass\n- [ ] No user impact\n- [ ] Team confident in the procedure",
      ].join("\n\n"),
    );
  });

  it.each(Object.keys(plans))("never leaves blank when %s was last tested", async (system) => {
    const load = plans[system];
    expect(load && runbook(await load())).toMatch(
      /\nLast tested: (\d{4}-\d\d-\d\d, safe after [\d.]+ s|never; rehearse it before you rely on it)\.\n/,
    );
  });

  it("keeps when it was and the time it took, and says so where there was none", () => {
    const last = (drills: Parameters<typeof runbook>[1]) => /Last tested: (.*)/.exec(runbook(mindmend, drills))?.[1];
    expect(last({ traffic: { at: "2026-10-31T09:30:00Z", seconds: 41 } })).toBe("2026-10-31, safe after 41.0 s.");
    expect(last({ flag: { at: "2026-10-31T09:30:00Z", seconds: 41 } })).toBe("never; rehearse it before you rely on it.");
  });

  it("is refused for a level that there is not", () => {
    expect(() => definePlan(withDrill({ level: "trafic" }))).toThrow('objectives.drill.level: "trafic" is not one of this plan\'s levels');
  });
});

describe("M12: when a rollback is over, and who is called until then", () => {
  it("has the ten criteria", () => {
    expect(part("## It is a success when").split("\n")).toEqual([
      "- [ ] All pods running and ready",
      "- [ ] Health check returns 200",
      "- [ ] AI responses work, from openai",
      "- [ ] Error rate below 1 %",
      "- [ ] Latency back to baseline",
      "- [ ] No active user complaints",
      "- [ ] All validation checks pass",
      "- [ ] Monitoring shows normal metrics",
      "- [ ] Team notified and aware",
      "- [ ] Incident report created",
    ]);
  });

  it("escalates after 15, 30 and 60 minutes", () => {
    expect(mindmend.escalation.map(({ role, afterMinutes }) => `${afterMinutes} ${role}`)).toEqual([
      "15 devopsEngineer",
      "30 devopsLead",
      "60 vpEngineering",
      "60 cto",
    ]);
  });

  it("names a contact for each issue, and who comes after them", () => {
    expect(page).toContain(
      [
        "| issue | contact | escalates to |",
        "| --- | --- | --- |",
        "| Rollback not working | DevOps on-call | VP Engineering |",
        "| Database issues | DBA | CTO |",
        "| User impact | Customer Support | CPO |",
        "| Security concern | Security Team | CISO |",
      ].join("\n"),
    );
  });

  it("answers the four problems of the appendix", () => {
    expect(mindmend.troubleshooting.map(({ problem, commands }) => [problem, ...commands])).toEqual([
      ["Pods stuck in Terminating", "kubectl delete pod <pod> --grace-period=0 --force"],
      ["Image pull errors", "gcloud container images list-tags <image>"],
      ["Database connection pool exhausted", "kubectl rollout restart deployment/<database>"],
      ["ConfigMap not updated"],
    ]);
  });
});
