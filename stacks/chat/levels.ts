import type { PlanInput, Probe } from "../../components/plan/plan.ts";

const pods = "app=chat";
const path = "/api/chat";

/** What holds after every update. */
export const verification: Probe[] = [
  { type: "http", title: "health answers 200", path: "/health", status: 200 },
  { type: "http", title: "chat requests work", path, body: { message: "test" }, status: 200 },
  { type: "pods", title: "2 pods ready", selector: pods, count: 2 },
];
const logged = (contains: string): Probe => ({ type: "log", title: `logs show "${contains}"`, selector: pods, contains });

/** What an answer says of how the chat would have asked again, for this user and model. */
const retry = (title: string, caller: { userId?: string; model?: string }, fields: Record<string, string | number | boolean>): Probe => ({
  type: "http",
  title,
  path,
  body: { message: "test", ...caller },
  status: 200,
  answer: { fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [`retry.${name}`, value])) },
});
const on = { enabled: true };
const off = { enabled: false };
const anyone = { userId: "user4" };
const still = (what: string) => retry(`retry is ${what}`, anyone, on);
const flagOn = logged("Retry logic: enabled");
const affected = ["Issues affect specific users or models", "Need to keep the feature for some users", "Gradual rollback needed"];
const targeted = ["Feature remains enabled for unaffected users", "Targeted fix for specific issues", "Minimal disruption"];
const adjusted = ["Feature remains enabled", "Behavior adjusted", "Minimal user impact"];
const metrics = ["Retry duration", "Success rate", "User experience"];

/** Rows C1–C4. */
export const levels: PlanInput["levels"] = {
  flag: {
    title: "Level 1: feature flag disable",
    when: ["Critical bugs affecting all users", "Widespread system failures", "Emergency situations"],
    rows: ["C1"],
    impact: ["Immediate return to legacy behavior", "No code deployment needed", "Zero downtime"],
    rtoSeconds: 300,
    steps: [{ levers: [{ path: "flags.retryLogic.enabled", value: false }] }],
    safe: { release: "after" },
    verification: [
      logged("Retry logic: disabled"),
      retry("answers say that retry is off", anyone, off),
      { type: "noLog", title: "no retry logs appearing", selector: pods, lacks: "Retry 2 of" },
    ],
    watch: ["Error rates return to baseline", "No retry-related logs", "Chat functionality normal"],
    next: ["code"],
  },
  users: {
    title: "Level 2, option A: disable for users",
    when: affected,
    rows: ["C2"],
    impact: targeted,
    rtoSeconds: 600,
    steps: [{ levers: [{ path: "flags.retryLogic.except.users", value: "user1,user2,user3", chosen: "user,user" }] }],
    safe: { release: "after" },
    verification: [flagOn],
    rehearsal: [
      ...["user1", "user2", "user3"].map((userId) => retry(`retry is off for ${userId}`, { userId }, off)),
      still("on for everybody else"),
    ],
    watch: ["Affected users"],
    next: ["flag"],
  },
  models: {
    title: "Level 2, option B: disable for models",
    when: ["Specific model issues", ...affected],
    rows: ["C2", "C6"],
    impact: targeted,
    // C6 allows less than the 10 minutes of level 2.
    rtoSeconds: 300,
    steps: [{ levers: [{ path: "flags.retryLogic.except.models", value: "gpt-4o", chosen: "model,model" }] }],
    safe: { release: "after" },
    verification: [flagOn],
    rehearsal: [
      retry("retry is off with gpt-4o", { ...anyone, model: "gpt-4o" }, off),
      retry("retry is on with gpt-4.1-mini", { ...anyone, model: "gpt-4.1-mini" }, on),
      still("on with the usual model"),
    ],
    watch: ["Affected users"],
    next: ["flag"],
  },
  percentage: {
    title: "Level 2, option C: reduce the rollout percentage",
    when: affected,
    rows: ["C2"],
    impact: targeted,
    rtoSeconds: 600,
    steps: [{ levers: [{ path: "flags.retryLogic.percentage", value: 10, chosen: "lower percentage" }] }],
    safe: { release: "after" },
    verification: [flagOn],
    rehearsal: [
      ...["", ", whichever pod answers", ", and stays so"].flatMap((again) => [
        retry(`retry is on for user9, who is among the 10 %${again}`, { userId: "user9" }, on),
        retry(`retry is off for user23, who is not${again}`, { userId: "user23" }, off),
      ]),
      retry("retry is off where no user is named", {}, off),
    ],
    watch: ["Affected users"],
    next: ["flag"],
  },
  attempts: {
    title: "Level 3: fewer attempts",
    when: ["Too many retries", "Performance issues"],
    rows: ["C3"],
    impact: adjusted,
    rtoSeconds: 300,
    steps: [{ levers: [{ path: "settings.retryMaxAttempts", value: 2 }] }],
    safe: { release: "after" },
    verification: [flagOn, logged("maxAttempts=2")],
    rehearsal: [retry("the model is asked twice at most", anyone, { ...on, maxAttempts: 2 })],
    watch: metrics,
    next: ["percentage", "flag"],
  },
  backoff: {
    title: "Level 3: shorter backoff delays",
    when: ["Delays too long", "Performance issues"],
    rows: ["C3"],
    impact: adjusted,
    rtoSeconds: 300,
    steps: [{ levers: [{ path: "settings.retryBackoffMs", value: "500,1000,2000" }] }],
    safe: { release: "after" },
    verification: [flagOn, logged("backoffMs=500,1000,2000")],
    rehearsal: [
      retry("retries come after 0.5, 1 and 2 s", anyone, { ...on, "backoffMs.0": 500, "backoffMs.1": 1000, "backoffMs.2": 2000 }),
    ],
    watch: metrics,
    next: ["percentage", "flag"],
  },
  fallbackModel: {
    title: "Level 3: no fallback model",
    when: ["Fallback model misbehaves", "Performance issues"],
    rows: ["C3"],
    impact: adjusted,
    rtoSeconds: 300,
    steps: [{ levers: [{ path: "settings.retryEnableFallback", value: false }] }],
    safe: { release: "after" },
    verification: [flagOn, logged("fallback=false")],
    rehearsal: [retry("no fallback model is asked", anyone, { ...on, fallback: false })],
    watch: metrics,
    next: ["percentage", "flag"],
  },
  validation: {
    title: "Level 3: lower validation threshold",
    when: ["Validation too strict"],
    rows: ["C3"],
    impact: adjusted,
    rtoSeconds: 300,
    steps: [{ levers: [{ path: "settings.minValidationTextLength", value: 5 }] }],
    safe: { release: "after" },
    verification: [flagOn, logged("minTextLength=5")],
    rehearsal: [retry("answers of 5 characters pass", anyone, { ...on, minTextLength: 5 })],
    watch: metrics,
    next: ["percentage", "flag"],
  },
  code: {
    title: "Level 4: code rollback",
    when: ["Feature flag disable insufficient", "Code bugs cannot be fixed quickly", "Need to remove the feature entirely"],
    rows: ["C4"],
    impact: ["Complete removal of retry code", "Requires deployment", "Longer rollback time"],
    rtoSeconds: 1800,
    steps: [{ levers: [{ path: "stable.image", sameAs: "previous.image" }] }],
    safe: { release: "after" },
    verification: [{ type: "image", title: "the previous image runs", selector: pods, lever: "previous.image" }],
    watch: ["Application version", "Chat functionality", "Error rates"],
  },
};
