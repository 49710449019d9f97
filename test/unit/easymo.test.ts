import { describe, expect, it } from "vitest";
import { flagEnvironment } from "../../components/flags/environment.ts";
import type { Level } from "../../components/plan/plan.ts";
import { difference } from "../../pages/goldens/difference.ts";
import { beforeConfig, pulled } from "../../pages/goldens/levers.ts";
import { update } from "../../pages/goldens/update.ts";
import { runbook } from "../../pages/runbook/runbook.ts";
import { readStackConfig } from "../../pulumi/stackFile.ts";
import easymo from "../../stacks/easymo.ts";

const page = runbook(easymo);
/** The lines of a part of the runbook, blank ones left out. */
function part(heading: string): string[] {
  const lines = page.split("\n");
  const start = lines.indexOf(heading);
  const depth = heading.indexOf(" ");
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^#+ /.test(line) && line.indexOf(" ") <= depth);
  return (start < 0 ? [] : rest.slice(0, end < 0 ? undefined : end)).filter((line) => line !== "");
}

/** What each step of a level makes of the cluster. */
async function carriedOut(level: Level) {
  let config = beforeConfig(easymo, readStackConfig("easymo"));
  let last = await update(easymo, config);
  const steps: ReturnType<typeof difference>[] = [];
  for (const { levers } of level.steps) {
    config = levers.reduce(pulled, config);
    const next = await update(easymo, config, last.record);
    steps.push(difference(last.resources, next.resources));
    last = next;
  }
  return { steps, after: last };
}

type Carried = Awaited<ReturnType<typeof carriedOut>>;
const kindOf = ({ type }: { type: string }) => type.split(":").at(-1);
function environmentsIn({ after }: Carried): Record<string, string[]> {
  const deployments = [...after.resources.values()].filter((resource) => kindOf(resource) === "Deployment");
  return Object.fromEntries(
    deployments.map(({ name, inputs }) => {
      // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever was registered
      const { env } = (inputs.spec as any).template.spec.containers[0];
      const on = env.filter((entry: { name: string; value?: string }) => entry.name.startsWith("FEATURE_AGENT_") && entry.value === "true");
      return [name, on.map((entry: { name: string }) => entry.name.replace("FEATURE_AGENT_", ""))];
    }),
  );
}

const functions = Object.keys(easymo.features.agent?.functions ?? {});
const level = (name: string) => easymo.levels[name] as Level;

describe("easymo's plan", () => {
  it("E1: has four flags as FEATURE_AGENT_*, all off unless the stack says otherwise", () => {
    expect(flagEnvironment(easymo, {})).toEqual({
      FEATURE_AGENT_CHAT: "false",
      FEATURE_AGENT_VOICE: "false",
      FEATURE_AGENT_VOUCHERS: "false",
      FEATURE_AGENT_CUSTOMER_LOOKUP: "false",
    });
  });

  it("E2: goes through four phases, each with whom it reaches, how long it is held, what must hold to go on, and the way out", () => {
    const phases = easymo.milestones.map(({ title, who, holdHours, conditions, backBy }) => [
      title,
      who,
      holdHours / 24,
      conditions.length,
      backBy,
    ]);
    expect(phases).toEqual([
      ["Phase 1, infrastructure", "nobody, the flags are off", 0, 3, "full"],
      ["Phase 2, smoke testing", "internal only", 0, 8, "quick"],
      ["Phase 3, limited rollout", "beta users, 5 to 10 internal staff", 7, 5, "quick"],
      ["Phase 4, production", "all customers, once they have been told", 7, 0, "quick"],
    ]);
    expect(part("### Phase 1, infrastructure: nobody, the flags are off")).toEqual([
      "```sh",
      "pulumi config set --path stable.image <name@sha256:digest>",
      "pulumi config set --path features.agent true",
      "pulumi config set --path flags.agents false",
      "pulumi up",
      "```",
      "To go on:",
      "- [ ] Functions deployed successfully",
      "- [ ] Health checks pass (HTTP 200)",
      '- [ ] Logs show "feature disabled"',
      "Back with: Full rollback.",
    ]);
    expect(part("### Phase 3, limited rollout: beta users, 5 to 10 internal staff")).toEqual(
      expect.arrayContaining(["- Closely for the first 24 to 48 hours", "At least 7 days.", "Back with: Quick rollback."]),
    );
  });

  it("E3: by the quick rollback switches everything off, in the service and in every function, within 5 minutes", async () => {
    const carried = await carriedOut(level("quick"));
    expect(level("quick").rtoSeconds).toBe(300);
    expect(environmentsIn(carried)).toEqual(Object.fromEntries(["easymo", ...functions].map((name) => [name, []])));
    expect(carried.steps[0]?.gone).toEqual([]);
  });

  it("E4: by the partial rollback switches one feature off, and nothing else changes, within 10 minutes", async () => {
    const carried = await carriedOut(level("partial"));
    expect(level("partial").rtoSeconds).toBe(600);
    const others = ["CHAT", "VOUCHERS", "CUSTOMER_LOOKUP"];
    expect(environmentsIn(carried)).toEqual(Object.fromEntries(["easymo", ...functions].map((name) => [name, others])));
    const pods = carried.steps[0]?.changes.filter(({ resource }) => kindOf(resource) === "Deployment");
    const fields = pods?.flatMap((change) => change.fields ?? []);
    expect(fields?.filter((field) => !/FEATURE_AGENT_VOICE|rollback-stacks\/release/.test(field))).toEqual([]);
  });

  it("E5: by the full rollback switches everything off, then removes the six functions and goes back to the image before, within 30 minutes", async () => {
    const { steps, after } = await carriedOut(level("full"));
    expect(level("full").rtoSeconds).toBe(1800);
    expect(functions).toHaveLength(6);
    expect(steps[0]?.gone).toEqual([]);
    expect(steps[1]?.gone.map((resource) => `${kindOf(resource)} ${resource.name}`)).toEqual(
      ["Deployment", "Service"].flatMap((kind) => [...functions].sort().map((name) => `${kind} ${name}`)),
    );
    const previous = (readStackConfig("easymo")["rollback-stacks:previous"] as { image: string }).image;
    expect(after.record.tracks.map(({ image }) => image)).toEqual([previous]);
    expect(after.record.features).toEqual([]);
  });

  it("E6: has what must hold before a deployment", () => {
    expect(part("### Before a deployment").slice(0, 7)).toEqual([
      "- [ ] OpenAI API key configured and tested",
      "- [ ] Supabase project accessible with its service role key",
      "- [ ] Feature flags `false` for the initial deployment",
      "- [ ] Monitoring endpoints configured, where enabled",
      "- [ ] Database schema includes the `profiles` and `vouchers` tables",
      "- [ ] WhatsApp Business API credentials configured, where chat is used",
      "- [ ] SIP trunk credentials configured, where voice is used",
    ]);
    expect(page).toContain("- [ ] No secret in client-side code: in no `VITE_*` or `NEXT_PUBLIC_*` variable");
  });

  it("E7: has its targets, and for each metric when to be warned and when to act", () => {
    expect(part("## It is a success when")).toEqual([
      "- [ ] Success rate above 95 %",
      "- [ ] Latency p95 below 3 seconds",
      "- [ ] Error rate below 5 %",
      "- [ ] Cost of a conversation below 0.10 USD",
      "- [ ] No personal data in logs",
    ]);
    expect(part("## Triggers").slice(2)).toEqual([
      "| Success rate | < 90 % of requests | critical | Quick rollback; Investigate immediately |",
      "| Success rate | < 95 % of requests | warning | Investigate immediately |",
      "| Latency p95 | > 5 s | critical | Quick rollback; Check OpenAI API status |",
      "| Latency p95 | > 3 s | warning | Check OpenAI API status |",
      "| Error rate | > 10 % of requests | critical | Review logs, consider a rollback |",
      "| Error rate | > 5 % of requests | warning | Review logs, consider a rollback |",
      "| High error rate | > 50 % of requests | critical | Quick rollback |",
      "| Cost of a conversation | > 0.20 USD | critical | Check token usage |",
      "| Cost of a conversation | > 0.10 USD | warning | Check token usage |",
      "| Cost spike | > 200 % over budget | critical | Quick rollback |",
      "| Personal data exposed in logs | > 0 log lines with personal data | critical | Full rollback |",
    ]);
  });

  it("E8: has its decision matrix", () => {
    expect(part("## Decision matrix").slice(2)).toEqual([
      "| critical | PII leak | at once | Full rollback | Roll back immediately |  |",
      "| critical | High error rate (> 50 %) | < 5 minutes | Quick rollback | Roll back |  |",
      "| high | Cost spike (> 500 %) | < 5 minutes | Quick rollback | Roll back |  |",
      "| medium | Moderate errors (10–20 %) | < 30 minutes | Partial rollback | Roll back the feature that fails |  |",
      "| medium | Slow responses (> 10 s) | < 30 minutes | Partial rollback | Roll back the feature that is slow |  |",
      "| low | Minor bugs | watch |  | Fix forward, in the next release |  |",
    ]);
  });

  it("E9: says which safeguards the service has", () => {
    expect(part("## Safeguards").map((line) => /\*\*(.*)\*\*/.exec(line)?.[1])).toEqual([
      "Feature flags",
      "Observability",
      "Rate limiting",
      "Idempotency",
      "Graceful degradation",
      "Vouchers",
      "Personal data",
    ]);
  });

  it("E10: has the watch periods, the texts for team and users, and the form for lessons learned", () => {
    expect(easymo.watch.map(({ period, steps }) => [period, steps.length])).toEqual([
      ["Day 1 to 7", 5],
      ["Week 2 to 4", 5],
      ["Month 2 and later", 4],
    ]);
    expect(part("### Day 1 to 7")[0]).toBe("- [ ] Monitor metrics hourly");
    expect(Object.values(easymo.messages).map(({ title, to }) => `${title}: ${to}`)).toEqual([
      "Before a deployment: Engineering team",
      "During a deployment: Internal team",
      "After a deployment: Internal team",
      "Beta users: Beta users",
      "All users: All users",
    ]);
    expect(page.slice(page.indexOf("### Lessons learned")).split("\n").slice(2, 10)).toEqual([
      "```markdown",
      "# Lessons learned",
      "",
      "**Issue**: [Description]",
      "**Root Cause**: [Analysis]",
      "**Resolution**: [Fix applied]",
      "**Prevention**: [Future safeguards]",
      "```",
    ]);
  });

  it("E10: names roles, and nobody's address or number", () => {
    expect(
      part("## People")
        .slice(2)
        .map((line) => line.split(" | ")[1]),
    ).toEqual(["On-call Engineer", "Platform Lead", "OpenAI Support", "Supabase Support"]);
    expect(page).not.toMatch(/[\w.]+@[\w-]+\.\w+|\+\d{8}/);
  });
});
