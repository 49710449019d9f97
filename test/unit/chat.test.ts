import { beforeAll, describe, expect, it } from "vitest";
import { flagEnvironment } from "../../components/flags/environment.ts";
import { checkLevers } from "../../components/levers/check.ts";
import type { Level } from "../../components/plan/plan.ts";
import { verificationOf } from "../../components/plan/verification.ts";
import { settingsVersion } from "../../components/settings.ts";
import { retryFor } from "../../demo/service/retry.ts";
import { goldens } from "../../pages/goldens/goldens.ts";
import { beforeConfig, pulled } from "../../pages/goldens/levers.ts";
import { runbook } from "../../pages/runbook/runbook.ts";
import { readStackConfig } from "../../pulumi/stackFile.ts";
import chat from "../../stacks/chat.ts";
import { serviceConfig } from "./flags/plans.ts";

const before = beforeConfig(chat, readStackConfig("chat"));

describe("what a level changes of what runs", () => {
  let texts: Record<string, string>;
  beforeAll(async () => {
    texts = await goldens(chat, readStackConfig("chat"));
  }, 60_000);

  /** Fields of settings and pods, without names that follow from content and the definitions for flagd. */
  const changes = (level: string): string[] =>
    (texts[`chat.${level}.txt`] ?? "")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => /^[~+-] (spec|data)/.test(line) && !/release"\]|flags\.flagd\.json|configMapRef/.test(line));
  const env = (name: string, change: string) => [`~ spec.template.spec.containers[chat].env[${name}].value: ${change}`];

  it("C1: level 1 is ENABLE_RETRY_LOGIC=false", () => {
    expect(changes("flag")).toEqual(env("ENABLE_RETRY_LOGIC", '"true" → "false"'));
  });

  it("C2: level 2 is RETRY_DISABLED_USERS, the models, or RETRY_ROLLOUT_PERCENT", () => {
    expect(changes("users")).toEqual(env("RETRY_DISABLED_USERS", '"" → "user1,user2,user3"'));
    expect(changes("models")).toEqual(env("RETRY_DISABLED_MODELS", '"" → gpt-4o'));
    expect(changes("percentage")).toEqual(env("RETRY_ROLLOUT_PERCENT", '"100" → "10"'));
  });

  it("C3: level 3 is one of the four settings each", () => {
    expect(["attempts", "backoff", "fallbackModel", "validation"].flatMap(changes)).toEqual([
      '~ data.RETRY_MAX_ATTEMPTS: "3" → "2"',
      '~ data.RETRY_BACKOFF_MS: "1000,2000,4000" → "500,1000,2000"',
      '~ data.RETRY_ENABLE_FALLBACK: "true" → "false"',
      '~ data.MIN_VALIDATION_TEXT_LENGTH: "10" → "5"',
    ]);
  });

  it("C4: level 4 is the image of before", () => {
    expect(changes("code")).toEqual(["~ spec.template.spec.containers[chat].image:"]);
    expect(texts["chat.code.txt"]).toMatch(/chat@sha256:4{64}\n +→ registry\.example\/chat\/chat@sha256:3{64}/);
  });
});

describe("how the app asks again, as it reads its environment", () => {
  const levelOf = (name: string) => chat.levels[name] as Level;
  /** After a level, in the drill's example; before any where none is named. */
  const retryAfter = (name?: string) => {
    const levers = name === undefined ? [] : levelOf(name).steps.flatMap((step) => step.levers);
    const raw = Object.entries(levers.reduce(pulled, before)).map(([key, value]) => [key.replace("rollback-stacks:", ""), value]);
    const { flags, settings } = checkLevers(chat, Object.fromEntries(raw), "chat");
    const { retry } = serviceConfig({ ...flagEnvironment(chat, flags), ...settingsVersion(chat, settings).data });
    return (user: string, model = "gpt-4o-mini") => retryFor(retry, { user, model });
  };
  const forEverybody = (retry: ReturnType<typeof retryAfter>) => new Set(users.map((user) => JSON.stringify(retry(user))));
  const users = Array.from({ length: 2000 }, (_, index) => `user${index + 1}`);
  const policy = { enabled: true, maxAttempts: 3, backoffMs: [1000, 2000, 4000], fallback: true, minTextLength: 10 };
  const legacy = { enabled: false, maxAttempts: 1, backoffMs: [], fallback: false, minTextLength: 1 };

  it("the document starts from retries for everybody", () => {
    expect(forEverybody(retryAfter())).toEqual(new Set([JSON.stringify(policy)]));
  });

  it("C1: everybody is back to legacy behavior", () => {
    expect(forEverybody(retryAfter("flag"))).toEqual(new Set([JSON.stringify(legacy)]));
  });

  it("C2: only the users who are listed lose it, and nothing changes for the others", () => {
    const retry = retryAfter("users");
    expect(users.filter((user) => !retry(user).enabled)).toEqual(["user1", "user2", "user3"]);
    expect(users.slice(3).every((user) => JSON.stringify(retry(user)) === JSON.stringify(policy))).toBe(true);
  });

  it("C2: only the models that are listed lose it", () => {
    const retry = retryAfter("models");
    expect(["gpt-4o", "gpt-4o-mini", "gpt-4.1-mini"].map((model) => retry("user1", model))).toEqual([legacy, policy, policy]);
  });

  it("C2: a tenth of the users keep it, the same ones at every look", () => {
    const kept = () => {
      const retry = retryAfter("percentage");
      return users.filter((user) => retry(user).enabled);
    };
    const first = kept();
    expect(first.length / users.length).toBeCloseTo(0.1, 1);
    expect(kept()).toEqual(first);
  });

  it("C3: each setting changes what it is for, and nothing else", () => {
    expect(["attempts", "backoff", "fallbackModel", "validation"].map((level) => retryAfter(level)("user4"))).toEqual([
      { ...policy, maxAttempts: 2 },
      { ...policy, backoffMs: [500, 1000, 2000] },
      { ...policy, fallback: false },
      { ...policy, minTextLength: 5 },
    ]);
  });
});

it("C2: what holds only where the examples were pulled is for drills, not for an update with other users", () => {
  const users = chat.levels.users as Level;
  expect(verificationOf(chat, users).map(({ title }) => title)).toEqual([
    "health answers 200",
    "chat requests work",
    "2 pods ready",
    'logs show "Retry logic: enabled"',
  ]);
  expect(users.rehearsal.map(({ title }) => title)).toEqual([
    "retry is off for user1",
    "retry is off for user2",
    "retry is off for user3",
    "retry is on for everybody else",
  ]);
});

describe("the runbook of the chat", () => {
  const page = runbook(chat);
  const lines = page.split("\n");
  const tableAfter = (head: string): string[] => {
    const rows = lines.slice(lines.findIndex((line) => line.startsWith(head)) + 2);
    return rows.slice(0, rows.indexOf(""));
  };

  it("C1–C4: has every level with its literal commands and its time", () => {
    const set = (lever: string) => `\`pulumi config set --path ${lever} && pulumi up\``;
    expect(tableAfter("| level | at most")).toEqual([
      `| Level 1: feature flag disable | 5 minutes | ${set("flags.retryLogic.enabled false")} |`,
      `| Level 2, option A: disable for users | 10 minutes | ${set("flags.retryLogic.except.users <user,user>")} |`,
      `| Level 2, option B: disable for models | 5 minutes | ${set("flags.retryLogic.except.models <model,model>")} |`,
      `| Level 2, option C: reduce the rollout percentage | 10 minutes | ${set("flags.retryLogic.percentage <lower percentage>")} |`,
      `| Level 3: fewer attempts | 5 minutes | ${set("settings.retryMaxAttempts 2")} |`,
      `| Level 3: shorter backoff delays | 5 minutes | ${set("settings.retryBackoffMs 500,1000,2000")} |`,
      `| Level 3: no fallback model | 5 minutes | ${set("settings.retryEnableFallback false")} |`,
      `| Level 3: lower validation threshold | 5 minutes | ${set("settings.minValidationTextLength 5")} |`,
      `| Level 4: code rollback | 30 minutes | ${set('stable.image "$(pulumi config get --path previous.image)"')} |`,
    ]);
  });

  it("C2: says for what a person has to choose, with an example", () => {
    expect(page).toContain("`<user,user>` is yours to choose; for example `user1,user2,user3`.");
    expect(page).toContain("`<lower percentage>` is yours to choose; for example `10`.");
  });

  it("C1: says what a level means and what to watch after it", () => {
    expect(page).toContain("What it means: immediate return to legacy behavior; no code deployment needed; zero downtime.");
    expect(page).toContain("Watch:\n\n- Error rates return to baseline\n- No retry-related logs\n- Chat functionality normal\n");
  });

  it("C6: has the five scenarios with severity, time, levels and action", () => {
    const row = (severity: string, when: string, minutes: number, levels: string[], action: string) =>
      `| ${severity} | ${when} | < ${minutes} minutes | ${levels.join(" or ")} | ${action} |  |`;
    const [a, b, c] = [
      "Level 2, option A: disable for users",
      "Level 2, option B: disable for models",
      "Level 2, option C: reduce the rollout percentage",
    ];
    const tuning = ["fewer attempts", "shorter backoff delays", "no fallback model", "lower validation threshold"];
    expect(tableAfter("| severity | when")).toEqual([
      row("critical", "Critical bug affecting all users", 5, ["Level 1: feature flag disable"], "Full disable"),
      row("critical", "Database corruption", 15, ["Level 1: feature flag disable"], "Full disable + data fix"),
      row("high", "High error rate (> 20 %)", 10, [a, b, c], "Partial disable"),
      row(
        "medium",
        "Performance degradation",
        5,
        tuning.map((one) => `Level 3: ${one}`),
        "Configuration adjustment",
      ),
      row("low", "Specific model issues", 5, [b], "Model-specific disable"),
    ]);
  });

  it("C7: has the internal texts with when they are due, and those for users and stakeholders", () => {
    const text = (title: string, how: string, ...body: string[]) =>
      expect(page).toContain([`### ${title}`, "", how, "", "```text", ...body, "```"].join("\n"));
    const toTeam = "To: Engineering team, channel: Slack #engineering";
    text(
      "Rollback in progress",
      `${toTeam}, within 5 minutes.`,
      "🚨 ROLLBACK IN PROGRESS",
      "Feature: AI Response Reliability",
      "Reason: {reason}",
      "Action: {action}",
      "ETA: {eta}",
      "Status updates: This channel",
    );
    text(
      "Progress",
      `${toTeam}, every 10 minutes.`,
      "✅ Rollback update:",
      "- {done}",
      "- Application restarted",
      "- Monitoring error rates",
      "- Next: {next}",
    );
    text(
      "Rollback complete",
      `${toTeam}.`,
      "✅ ROLLBACK COMPLETE",
      "Feature: AI Response Reliability",
      "Status: {status}",
      "Impact: {impact}",
      "Data integrity: {integrity}",
      "Next steps: {nextSteps}",
    );
    text(
      "Users, where they noticed it",
      "To: All users, channel: In-app notification or email.",
      "We've temporarily disabled a new feature to ensure the best",
      "experience. Your chat functionality continues to work normally.",
      "We'll have the feature back soon with improvements.",
    );
    text(
      "Stakeholders",
      "To: Product, Leadership, channel: Email.",
      "Subject: AI Response Reliability Feature Rollback",
      "",
      "We've rolled back the AI Response Reliability feature due to {reason}.",
      "",
      "Impact:",
      "- User experience: {experience}",
      "- Data integrity: {integrity}",
      "- Timeline: {timeline}",
      "",
      "Actions taken:",
      "{actions}",
      "",
      "Next steps:",
      "{nextSteps}",
      "",
      "We'll provide updates as we work to resolve the issue.",
    );
  });

  it("C8: has the forms for timeline, root cause, action items and lessons, filled from the record where it tells", () => {
    const headings = (title: string) => {
      const form = page.split(`\`\`\`markdown\n# ${title}\n`)[1]?.split("\n```")[0] ?? "";
      return [...form.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    };
    expect(headings("Incident Timeline")).toEqual([
      "Issue detected",
      "Investigation",
      "Rollback decision",
      "Rollback executed",
      "Rollback verified",
      "Data integrity check",
      "Incident closed",
    ]);
    expect(headings("Root Cause Analysis")).toEqual(["What happened", "Why it happened", "Why it wasn't caught", "How to prevent"]);
    expect(headings("Lessons Learned")).toEqual(["What went well", "What could be improved", "Action items"]);
    expect(page).toContain(
      [
        "# Action Items",
        "",
        "- [ ] Fix root cause bug",
        "- [ ] Add test coverage for scenario",
        "- [ ] Improve monitoring/alerting",
        "- [ ] Update documentation",
        "- [ ] Review deployment process",
        "- [ ] Plan re-deployment",
      ].join("\n"),
    );
    const fields = Object.values(chat.reports).flatMap(({ sections }) => sections.flatMap((section) => Object.entries(section.fields)));
    expect(fields.flatMap(([name, { from }]) => (from ? [[name, from]] : []))).toEqual([
      ["severity", "severity"],
      ["decision", "level"],
      ["executed", "startedAt"],
      ["executedBy", "executedBy"],
      ["commands", "commands"],
      ["verified", "verifiedAt"],
      ["errorRates", "errorRate"],
      ["functional", "answers"],
    ]);
  });

  it("C9: has the way back: staging, 10, 25, 50 and 100 %, each with how long it is watched", () => {
    expect(tableAfter("| share | what").map((line) => line.split(" | ").slice(0, 3).join(" | "))).toEqual([
      "| 0 % | Staging | 24 hours",
      "| 10 % | Production | 48 hours",
      "| 25 % | Gradual rollout | 24 hours",
      "| 50 % | Gradual rollout | 24 hours",
      "| 100 % | Everybody | 48 hours",
    ]);
  });

  it("C10: has the checklists before, during and after", () => {
    const ticked = (title: string) => {
      const rest = page.split(`### ${title}\n\n`)[1] ?? "";
      return rest
        .split("\n\n")[0]
        ?.split("\n")
        .map((line) => line.replace("- [ ] ", ""));
    };
    expect(ticked("Before")).toEqual([
      "Issue confirmed and severity assessed",
      "Affected scope identified: specific users, models or time periods?",
      "Rollback level determined",
      "Team notified",
      "Backup of current state taken",
    ]);
    expect(ticked("During")).toEqual([
      "Feature flag disabled (if Level 1)",
      "Configuration adjusted (if Level 2/3)",
      "Code reverted (if Level 4)",
      "Application restarted: `pulumi up` does, pod by pod",
      "Rollback verified",
    ]);
    expect(ticked("After")).toEqual([
      "Error rates normal",
      "Chat functionality working",
      "Data integrity verified",
      "Users notified (if needed)",
      "Incident documented",
      "Root cause analysis started",
      "Fix planned",
    ]);
  });

  it("C5: has the usage counters' queries, and each repair with the query that proves it", () => {
    expect(Object.values(chat.queries).map(({ title, expect: count }) => [title, count])).toEqual([
      ["Negative request counts", undefined],
      ["Counts exceeding limits", undefined],
      ["Unusually high counts", undefined],
      ["Users with potential issues", undefined],
      ["No more anomalies", 0],
    ]);
    expect(page).toContain(
      [
        "### Option A: reset negative counts to 0 (conservative)",
        "",
        "```sql",
        'UPDATE "User"',
        `SET "requestsToday" = '0', "updatedAt" = NOW()`,
        'WHERE CAST("requestsToday" AS INTEGER) < 0;',
        "```",
        "",
        'Proven by "No more anomalies".',
      ].join("\n"),
    );
    expect(page).toContain("npx tsx scripts/fix-usage-counters.ts --dry-run\nnpx tsx scripts/fix-usage-counters.ts\n");
  });
});
