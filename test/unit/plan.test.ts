import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { definePlan, PlanError, type PlanInput } from "../../components/plan/plan.ts";
import { runbook } from "../../pages/runbook/runbook.ts";
import mindmend from "../../stacks/mindmend.ts";
import { plans } from "../../stacks/plans.ts";
import { projectRoot } from "../../tools/paths.ts";

/** What is wrong with mindmend's plan once it was changed, a line a problem. */
function problemsAfter(change: (plan: PlanInput) => void): string[] {
  const input = structuredClone(mindmend) as PlanInput;
  change(input);
  try {
    definePlan(input);
    return [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const [head, ...lines] = error.message.split("\n");
    expect(head).toBe("The plan of mindmend cannot be used:");
    return lines.map((line) => line.trim());
  }
}

const level = (plan: PlanInput, name: string) => plan.levels[name] as PlanInput["levels"][string];

describe("a plan that contradicts itself is refused with the path", () => {
  it("where a level sets an unknown lever", () => {
    expect(
      problemsAfter((plan) => {
        level(plan, "flag").steps = [{ levers: [{ path: "aiProvder", value: "openai" }] }];
        level(plan, "traffic").steps = [{ levers: [{ path: "canary.wieght", value: 0 }] }];
      }),
    ).toEqual([
      expect.stringMatching(/^levels\.flag\.steps\[0\]\.levers\[0\]: "aiProvder" is no lever of this plan; there are system, aiProvider, /),
      'levels.traffic.steps[0].levers[0]: "canary.wieght" is no lever of this plan; under canary are image, weight, aiProvider',
    ]);
  });

  it("where a level gives a lever what it cannot take", () => {
    expect(
      problemsAfter((plan) => {
        level(plan, "flag").steps = [{ levers: [{ path: "aiProvider", value: "claude" }] }];
        level(plan, "traffic").steps = [{ levers: [{ path: "canary.weight", value: 101 }] }];
      }),
    ).toEqual([
      'levels.flag.steps[0].levers[0]: aiProvider: "claude" is not a provider of this plan; expected openai or gemini',
      "levels.traffic.steps[0].levers[0]: canary.weight: expected a whole number from 0 to 100, got 101",
    ]);
  });

  it("where a level cannot be reached from the before state, or is there already", () => {
    expect(problemsAfter((plan) => Object.assign(plan, { before: { aiProvider: "openai" } }))).toEqual([
      "levels.flag.steps[0].levers[0]: aiProvider is openai in the before state already",
      "levels.traffic.steps[0].levers[0]: canary.weight cannot be pulled from the before state, which has no canary",
    ]);
    expect(problemsAfter((plan) => Object.assign(plan.before.stable ?? {}, { aiProvider: "gemini" }))).toEqual([
      'before.stable.aiProvider: "gemini" is not one of this plan\'s fallback providers (openai)',
    ]);
  });

  it("where a level takes what no lever holds, or removes what must be there", () => {
    expect(
      problemsAfter((plan) => {
        level(plan, "container").steps = [
          {
            levers: [
              { path: "stable.image", sameAs: "last.image" },
              { path: "aiProvider", remove: true },
            ],
          },
        ];
      }),
    ).toEqual([
      expect.stringMatching(/^levels\.container\.steps\[0\]\.levers\[0\]: "last\.image" is no lever of this plan; there are system, /),
      "levels.container.steps[0].levers[1]: aiProvider: nothing is not a provider of this plan; expected openai or gemini",
    ]);
  });

  it("where a level takes longer than the plan promises for all of them", () => {
    expect(problemsAfter((plan) => Object.assign(level(plan, "traffic"), { rtoSeconds: 301 }))).toEqual([
      "levels.traffic.rtoSeconds: 301 s is longer than the 300 s that objectives.rtoSeconds promises for every level without the database",
    ]);
  });

  it("where a level's steps may take longer than the level", () => {
    expect(
      problemsAfter((plan) => {
        level(plan, "traffic").steps = [
          { withinSeconds: 100, levers: [{ path: "canary.weight", value: 10 }] },
          { withinSeconds: 21, levers: [{ path: "canary.weight", value: 0 }] },
        ];
      }),
    ).toEqual(["levels.traffic.rtoSeconds: 120 s is shorter than the 121 s that its steps are allowed"]);
  });

  it("where a probe looks for a provider or a lever that there is not", () => {
    expect(
      problemsAfter((plan) => {
        plan.verification = [{ type: "provider", title: "t", path: "/", provider: "claude", of: 3 }];
        level(plan, "container").verification = [{ type: "image", title: "t", selector: "app=mindmend", lever: "previous.imag" }];
      }),
    ).toEqual([
      'verification[0]: "claude" is not one of this plan\'s providers (openai, gemini)',
      'levels.container.verification[0]: "previous.imag" is no lever of this plan; under previous are image',
    ]);
  });

  it("where a trigger, a decision or the rehearsal calls for a level that does not exist", () => {
    expect(
      problemsAfter((plan) => {
        Object.assign(plan.triggers?.quota ?? {}, { calls: "flags" });
        plan.decisions = [{ severity: "high", when: "5 to 10 % of users", levels: ["flag", "code"], action: "roll back" }];
        plan.objectives.drill.level = "restart";
      }),
    ).toEqual([
      'triggers.quota.calls: "flags" is not one of this plan\'s levels (flag, traffic, container, database, endpoint, segment)',
      'decisions[0].levels[1]: "code" is not one of this plan\'s levels (flag, traffic, container, database, endpoint, segment)',
      'objectives.drill.level: "restart" is not one of this plan\'s levels (flag, traffic, container, database, endpoint, segment)',
    ]);
  });

  it("where a level pins requests and is not said to be for a Gateway", () => {
    expect(problemsAfter((plan) => delete plan.levels.segment?.traffic)).toEqual([
      'levels.segment.steps[0].levers[0]: pins.segments needs a Gateway; say so with levels.segment.traffic: "gateway"',
    ]);
  });

  it("where somebody is called who is not among the contacts", () => {
    expect(
      problemsAfter((plan) => {
        plan.contacts = { oncall: { title: "On call", escalatesTo: "boss" } };
        plan.onCall = [{ when: "Always", primary: "oncall", backup: "nobody" }];
        plan.escalation = [{ role: "lead", afterMinutes: 15 }];
        plan.decisions = [{ severity: "high", when: "any", action: "roll back", approvedBy: ["oncall", "pm"] }];
      }),
    ).toEqual([
      'contacts.oncall.escalatesTo: "boss" is not one of this plan\'s contacts (oncall)',
      'onCall[0].backup: "nobody" is not one of this plan\'s contacts (oncall)',
      'escalation[0].role: "lead" is not one of this plan\'s contacts (oncall)',
      'decisions[0].approvedBy[1]: "pm" is not one of this plan\'s contacts (oncall)',
    ]);
  });

  it("where the escalation goes back in time", () => {
    expect(problemsAfter((plan) => Object.assign(plan.escalation?.[2] ?? {}, { afterMinutes: 20 }))).toEqual([
      "escalation[2].afterMinutes: comes before the step above it; list them in the order of minutes",
    ]);
  });

  it("where a trigger counts a candidate's errors and there is none", () => {
    expect(
      problemsAfter((plan) => {
        Object.assign(plan.providers, { candidate: undefined });
        plan.triggers = { quota: { title: "Quota", signal: { type: "providerErrors", kind: "quota", above: 0 }, severity: "critical" } };
      }),
    ).toEqual(["triggers.quota.signal: providerErrors counts the candidate's errors, and providers.candidate is not set"]);
  });

  it("C5: where a repair is proven by a query that expects nothing", () => {
    expect(
      problemsAfter((plan) => {
        plan.queries = { look: { title: "Look", kind: "integrity", sql: "SELECT 1;" } };
        plan.repairs = { mend: { title: "Mend", provenBy: "look", sql: "SELECT 2;" } };
      }),
    ).toEqual(['repairs.mend.provenBy: "look" is not one of this plan\'s queries that expect an answer (it has none)']);
  });

  it("C9: where the milestones do not grow, or do not end at everybody", () => {
    const ladder = (...percentages: number[]) => percentages.map((percentage) => ({ title: `${percentage} %`, percentage, holdHours: 24 }));
    expect(problemsAfter((plan) => Object.assign(plan, { milestones: ladder(10, 25, 50) }))).toEqual([
      "milestones[2].percentage: the last one is everybody, 100, not 50",
    ]);
    expect(problemsAfter((plan) => Object.assign(plan, { milestones: ladder(10, 50, 50, 100) }))).toEqual([
      "milestones[2].percentage: 50 does not grow from the one before it",
    ]);
    expect(problemsAfter((plan) => Object.assign(plan, { milestones: ladder(10, 25, 50, 100) }))).toEqual([]);
  });

  it("where milestones of one percentage say not who is reached, or pull and call what there is not", () => {
    const at = (percentage: number, more: object = {}) => ({ title: "Next", percentage, holdHours: 24, ...more });
    const internal = at(0, { who: "internal", levers: [{ path: "canary.wieght", value: 5 }], backBy: "flags" });
    expect(problemsAfter((plan) => Object.assign(plan, { milestones: [at(0), internal, at(0), at(100)] }))).toEqual([
      "milestones[2].percentage: 0 does not grow from the one before it",
      'milestones[1].levers[0]: "canary.wieght" is no lever of this plan; under canary are image, weight, aiProvider',
      'milestones[1].backBy: "flags" is not one of this plan\'s levels (flag, traffic, container, database, endpoint, segment)',
    ]);
  });

  it("where it counts the errors of a candidate that there is not", () => {
    expect(problemsAfter((plan) => Object.assign(plan.providers, { candidate: undefined }))).toEqual([
      "triggers.quota.signal: providerErrors counts the candidate's errors, and providers.candidate is not set",
      "triggers.safetyFilter.signal: providerErrorRate counts the candidate's errors, and providers.candidate is not set",
      "triggers.authentication.signal: providerErrors counts the candidate's errors, and providers.candidate is not set",
    ]);
  });

  it("where a text has a field that nothing fills, or a field has no place in it", () => {
    expect(
      problemsAfter((plan) => {
        plan.messages = { start: { title: "Start", to: "Team", text: "{reason}, until {eta}", fields: { reason: "why", impact: "who" } } };
      }),
    ).toEqual([
      "messages.start: {eta} has nothing to fill it; name it in messages.start.fields",
      "messages.start.fields.impact: neither subject nor text has {impact}",
    ]);
  });

  it("all problems at once, with misspelled fields named", () => {
    expect(
      problemsAfter((plan) => {
        Object.assign(plan, { trigers: {} });
        Object.assign(level(plan, "flag"), { rtoSeconds: "30" });
      }),
    ).toEqual([
      "levels.flag.rtoSeconds: Invalid input: expected number, received string",
      expect.stringContaining('Unrecognized key: "trigers"'),
    ]);
  });
});

describe("the runbook", () => {
  it.each(Object.keys(plans))("of %s is what its plan says now; `npm run runbooks` writes it", async (system) => {
    const page = readFileSync(join(projectRoot, "docs/runbooks", `${system}.md`), "utf8");
    expect(page).toBe(runbook((await plans[system]?.()) as typeof mindmend));
  });

  it("M2, M3: has each level's literal commands and its time", () => {
    const page = runbook(mindmend);
    expect(page).toContain("| Level 1: feature flag | 30 seconds | `pulumi config set aiProvider openai && pulumi up` |");
    expect(page).toContain("| Level 2: traffic shift | 2 minutes | `pulumi config set --path canary.weight 0 && pulumi up` |");
  });

  it("M4: says how the previous image is put back", () => {
    expect(runbook(mindmend)).toContain(
      'pulumi config set --path stable.image "$(pulumi config get --path previous.image)"\npulumi config rm canary\npulumi up\n',
    );
  });

  it("has a level's steps one after the other, each with what it is for and its time", () => {
    const input = structuredClone(mindmend) as PlanInput;
    level(input, "traffic").steps = [
      { title: "Less of it", withinSeconds: 60, levers: [{ path: "canary.weight", value: 10 }] },
      { title: "None of it", levers: [{ path: "canary.weight", value: 0 }] },
    ];
    expect(runbook(definePlan(input))).toContain(
      [
        "1. Less of it, within 60 seconds",
        "```sh\npulumi config set --path canary.weight 10\npulumi up\n```",
        "2. None of it",
        "```sh\npulumi config set --path canary.weight 0\npulumi up\n```",
      ].join("\n\n"),
    );
  });

  it("M6: has the nine triggers with their thresholds and what each calls for", () => {
    const lines = runbook(mindmend).split("\n");
    const first = lines.findIndex((line) => line.startsWith("| trigger |")) + 2;
    expect(lines.slice(first, first + 10)).toEqual([
      "| Error rate | > 5 % of requests for 5 minutes | critical | Level 1: feature flag |",
      "| Latency p95 | > 3 × baseline for 10 minutes | critical | Level 1: feature flag |",
      "| Latency p99 | > 5 × baseline | critical | Level 1: feature flag |",
      "| Critical user complaints | > 3 critical complaints in 15 minutes | critical | Level 1: feature flag |",
      "| Cost spike | > 50 % over budget | warning | Investigate, prepare a rollback |",
      "| Quota exhaustion | any quota error of the provider | critical | Level 1: feature flag |",
      "| Safety filter issues | > 5 % of calls refused (safety) | critical | Level 1: feature flag |",
      "| Authentication failures | > 10 auth errors of the provider | critical | Level 1: feature flag |",
      "| Complete service outage | no request answered for 2 minutes | critical | Level 2: traffic shift |",
      "",
    ]);
  });

  it("M12: has the escalation, who is called for what, and the four appendix problems", () => {
    const page = runbook(mindmend);
    expect(page).toContain(
      "| 15 minutes | DevOps Engineer |  |\n| 30 minutes | DevOps Lead |  |\n| 60 minutes | VP Engineering |  |\n| 60 minutes | CTO | Critical issues |",
    );
    expect(page).toContain("| Database issues | DBA | CTO |");
    expect(page.match(/^### (Pods stuck|Image pull|Database connection|ConfigMap).*$/gm)).toEqual([
      "### Pods stuck in Terminating",
      "### Image pull errors",
      "### Database connection pool exhausted",
      "### ConfigMap not updated",
    ]);
  });
});
