import { describe, expect, it } from "vitest";
import { definePlan, type PlanInput } from "../../components/plan/plan.ts";
import { reportForm } from "../../pages/runbook/report.ts";
import { runbook } from "../../pages/runbook/runbook.ts";
import mindmend from "../../stacks/mindmend.ts";

const changed = (change: (plan: PlanInput) => void) => {
  const input = structuredClone(mindmend) as PlanInput;
  change(input);
  return definePlan(input);
};

const report: NonNullable<PlanInput["reports"]>[string] = {
  title: "Log",
  sections: [
    { fields: { level: { title: "Level", type: "text", what: "1 / 2 / 3", from: "level" } } },
    { title: "Timeline", fields: { begun: { title: "Rollback begun", type: "moment", from: "startedAt" } } },
    { title: "Next steps", fields: { next: { title: "Action", type: "list" } } },
    { title: "Sign-off", fields: { lead: { title: "Lead", type: "signature" }, told: { title: "Users told", type: "check" } } },
  ],
};

describe("a report", () => {
  it("is a form to copy, with a place for each of its fields", () => {
    const { log } = changed((plan) => {
      plan.reports = { log: report };
    }).reports;
    expect(reportForm(log as NonNullable<typeof log>)).toBe(
      [
        "```markdown",
        "# Log",
        "",
        "**Level**: [1 / 2 / 3]",
        "",
        "## Timeline",
        "- [Time]: Rollback begun",
        "",
        "## Next steps",
        "1. [Action 1]",
        "2. [Action 2]",
        "3. [Action 3]",
        "",
        "## Sign-off",
        "- Lead: _________________ Time: _______",
        "- [ ] Users told",
        "```",
      ].join("\n"),
    );
  });

  it("with two fields of one name is refused with the path", () => {
    expect(() =>
      changed((plan) => {
        const again = { title: "Again", fields: { level: { title: "Level", type: "text" as const } } };
        plan.reports = { log: { ...report, sections: [...report.sections, again] } };
      }),
    ).toThrow("reports.log.sections.4.fields.level: is in sections[0] too");
  });
});

describe("a level that may not be enough", () => {
  it("names the ones to go on to, in the runbook too", () => {
    const plan = changed(({ levels }) => Object.assign(levels.flag ?? {}, { next: ["traffic", "container"] }));
    expect(runbook(plan)).toContain("If issues persist: Level 2: traffic shift, or Level 3: container.");
  });

  it("is refused where it goes on to itself or to no level", () => {
    expect(() => changed(({ levels }) => Object.assign(levels.flag ?? {}, { next: ["flag", "code"] }))).toThrow(
      [
        '  levels.flag.next[0]: "flag" is not one of this plan\'s other levels (traffic, container, database, endpoint, segment)',
        '  levels.flag.next[1]: "code" is not one of this plan\'s other levels (traffic, container, database, endpoint, segment)',
      ].join("\n"),
    );
  });
});

it("a question to the database stands in the runbook with what it must answer", () => {
  const orphans = { title: "Orphans", kind: "integrity" as const, sql: "SELECT 1;", expect: 0 };
  expect(runbook(changed((plan) => Object.assign(plan, { queries: { orphans } })))).toContain(
    "## The database\n\n### Orphans\n\n```sql\nSELECT 1;\n```\n\nMust be 0.",
  );
});

it("the runbook has each setting with its variable, default and range", () => {
  expect(runbook(mindmend)).toContain(
    "| `settings.warmUpSeconds` | `WARM_UP_SECONDS` | `0` | 0 to 300 | Seconds a new pod warms up before it answers healthy |",
  );
});
