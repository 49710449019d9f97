import type { Drills } from "../../components/guards/drills.ts";
import { levelCommands, stepCommands } from "../../components/levers/commands.ts";
import type { Level, Plan } from "../../components/plan/plan.ts";
import { verificationOf } from "../../components/plan/verification.ts";
import { duration, levelHeading, plural, sentTo, threshold } from "../../components/plan/words.ts";
import { readDrills } from "../../stacks/drills.ts";
import { features } from "./features.ts";
import { lastTested } from "./lastTested.ts";
import { checklist, code, list, section, table } from "./markdown.ts";
import { milestones } from "./milestones.ts";
import { contacts, escalation, onCall, roleTitle } from "./people.ts";
import { queryPage, repairPage } from "./query.ts";
import { reportForm } from "./report.ts";
import { settings } from "./settings.ts";

/** A plan as the page that somebody follows at 3 a.m. Written from the plan and its drills, so that they cannot differ. */
export function runbook(plan: Plan, drills: Drills = readDrills(plan.system)): string {
  const parts = [
    `# ${plan.title}: rollback runbook`,
    `Written from \`stacks/${plan.system}.ts\` by \`npm run runbooks\`; change the plan, not this page.`,
    `Recovery time: at most ${duration(plan.objectives.rtoSeconds)}. Data loss: ${plan.objectives.rpoSeconds === 0 ? "none" : `at most ${duration(plan.objectives.rpoSeconds)}`}.`,
    quickReference(plan),
    section(2, "Triggers", triggers(plan)),
    section(2, "Decision matrix", decisions(plan)),
    section(2, "Levels", ...Object.entries(plan.levels).map(([name, level]) => levelPage(name, level, plan))),
    section(2, "Features", features(plan)),
    section(2, "Settings", settings(plan)),
    section(2, "Safeguards", list(plan.safeguards.map(({ title, text }) => `**${title}**: ${text}`))),
    section(
      2,
      "Checklists",
      section(3, "Before a deployment", checklist(plan.checklists.deployment)),
      section(3, "Before", checklist(plan.checklists.before)),
      section(3, "During", checklist(plan.checklists.during)),
      section(3, "After", checklist(plan.checklists.after)),
    ),
    section(2, "It is a success when", watched(plan), checklist(plan.objectives.success)),
    section(2, "Texts", ...Object.values(plan.messages).map(messagePage)),
    section(2, "Reports", ...Object.values(plan.reports).map((report) => section(3, report.title, reportForm(report)))),
    section(
      2,
      "The database",
      ...Object.values(plan.queries).map(queryPage),
      ...Object.values(plan.repairs).map((repair) => repairPage(repair, plan)),
    ),
    section(2, "People", ...people(plan)),
    section(
      2,
      "Afterwards",
      ...plan.afterwards.map(({ within, title: what, steps }) => section(3, `Within ${within}: ${what}`, list(steps))),
    ),
    section(2, "The way back", ...milestones(plan)),
    section(2, "After a deployment", ...plan.watch.map(({ period, steps }) => section(3, period, checklist(steps)))),
    section(2, "Rehearsal", rehearsal(plan, drills)),
    section(
      2,
      "When something is in the way",
      ...plan.troubleshooting.map(({ problem, answer, commands }) =>
        section(3, problem, answer, commands.length > 0 ? code(commands) : undefined),
      ),
    ),
  ];
  return `${parts.filter((part) => part !== undefined).join("\n\n")}\n`;
}

function quickReference({ levels }: Plan): string | undefined {
  const rows = Object.values(levels).map((level) => [level.title, duration(level.rtoSeconds), `\`${levelCommands(level).join(" && ")}\``]);
  return section(
    2,
    "Quick reference",
    "Select the stack first: `export PULUMI_STACK=<stack>`.",
    table(["level", "at most", "what to type"], rows),
  );
}

function triggers({ triggers: all, levels }: Plan): string | undefined {
  const rows = Object.values(all).map((trigger) => {
    const calls = trigger.calls === undefined ? [] : [levels[trigger.calls]?.title ?? trigger.calls];
    return [
      [trigger.title, ...trigger.symptoms].join("<br>"),
      threshold(trigger),
      trigger.severity,
      [...calls, ...(trigger.action === undefined ? [] : [trigger.action])].join("; "),
    ];
  });
  return rows.length > 0 ? table(["trigger", "threshold", "severity", "what to do"], rows) : undefined;
}

function decisions(plan: Plan): string | undefined {
  const { decisions: rows, levels } = plan;
  if (rows.length === 0) return undefined;
  const within = (minutes: number | undefined) =>
    minutes === undefined ? "watch" : minutes === 0 ? "at once" : `< ${plural(minutes, "minute")}`;
  return table(
    ["severity", "when", "within", "levels", "action", "approved by"],
    rows.map((row) => [
      row.severity,
      row.when,
      within(row.withinMinutes),
      row.levels.map((name) => levels[name]?.title ?? name).join(" or "),
      row.action,
      row.approvedBy.map((role) => roleTitle(plan, role)).join(" + "),
    ]),
  );
}

function levelPage(name: string, level: Level, plan: Plan): string | undefined {
  return section(
    3,
    levelHeading(name, level),
    `When: ${level.when.join("; ").toLowerCase()}.`,
    level.impact.length > 0 ? `What it means: ${level.impact.join("; ").toLowerCase()}.` : undefined,
    level.traffic === "gateway" ? "Only where traffic goes [through a Gateway](../traffic.md#through-a-gateway)." : undefined,
    ...steps(level),
    ...examples(level),
    `Verify:\n\n${checklist(verificationOf(plan, level).map((probe) => probe.title))}`,
    level.watch.length > 0 ? `Watch:\n\n${list(level.watch)}` : undefined,
    level.next.length > 0 ? `If issues persist: ${level.next.map((next) => plan.levels[next]?.title ?? next).join(", or ")}.` : undefined,
  );
}

/** What the commands leave to choose. */
function examples({ steps }: Level): string[] {
  const levers = steps.flatMap((step) => step.levers.filter((lever) => "value" in lever));
  return levers.flatMap(({ chosen, value }) =>
    chosen === undefined ? [] : [`\`<${chosen}>\` is yours to choose; for example \`${value}\`.`],
  );
}

function watched({ objectives: { watchMinutes } }: Plan): string | undefined {
  return watchMinutes === undefined ? undefined : `Watched for ${plural(watchMinutes, "minute")} before it is called one:`;
}

function steps(level: Level): string[] {
  if (level.steps.length === 1) return [code(levelCommands(level))];
  return level.steps.flatMap((step, index) => {
    const within = step.withinSeconds === undefined ? "" : `, within ${duration(step.withinSeconds)}`;
    return [`${index + 1}. ${step.title ?? "Then"}${within}`, code(stepCommands(step))];
  });
}

function messagePage(message: Plan["messages"][string]): string | undefined {
  const { title, subject, text, fields } = message;
  const lines = [...(subject === undefined ? [] : [`Subject: ${subject}`, ""]), ...text.split("\n")];
  const names = Object.entries(fields).map(([name, { what }]) => `\`{${name}}\`: ${what}`);
  return section(3, title, sentTo(message), code(lines, "text"), list(names));
}

function people(plan: Plan): string[] {
  return [contacts(plan), onCall(plan), escalation(plan)].flatMap(({ headings, rows }) => (rows.length > 0 ? [table(headings, rows)] : []));
}

function rehearsal({ system, objectives: { drill } }: Plan, drills: Drills): string {
  return [
    `Every ${plural(drill.everyDays, "day")}, on this machine, with nothing of the running system touched:`,
    code([`npm run drill -- ${system} ${drill.level}`]),
    `Last tested: ${lastTested(drills[drill.level])}.`,
    `It is a success when:\n\n${checklist(drill.success)}`,
  ].join("\n\n");
}
