/** Figures of a plan as a person says them. */

import type { Level, Plan, Trigger } from "./plan.ts";

export function duration(seconds: number): string {
  if (seconds % 3600 === 0 && seconds >= 3600) return plural(seconds / 3600, "hour");
  if (seconds % 60 === 0 && seconds > 60) return plural(seconds / 60, "minute");
  return plural(seconds, "second");
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

const percent = (ratio: number): string => `${Math.round(ratio * 1000) / 10} %`;

/** What a level's part of the runbook is headed with. */
export function levelHeading(name: string, level: Level): string {
  return `${level.title} (\`${name}\`), at most ${duration(level.rtoSeconds)}`;
}

/** `To: Team, channel: Slack, within 5 minutes.`: who reads a text, where, and when it is due. */
export function sentTo({ to, channel, withinMinutes, everyMinutes }: Plan["messages"][string]): string {
  const how = [
    `To: ${to}`,
    ...(channel === undefined ? [] : [`channel: ${channel}`]),
    ...(withinMinutes === undefined ? [] : [`within ${plural(withinMinutes, "minute")}`]),
    ...(everyMinutes === undefined ? [] : [`every ${plural(everyMinutes, "minute")}`]),
  ];
  return `${how.join(", ")}.`;
}

/** `> 5 % for 5 minutes`. */
export function threshold({ signal, forSeconds }: Pick<Trigger, "signal" | "forSeconds">): string {
  const held = forSeconds === undefined ? "" : ` for ${duration(forSeconds)}`;
  return `${limit(signal)}${held}`;
}

function limit(signal: Trigger["signal"]): string {
  switch (signal.type) {
    case "errorRate":
      return `> ${percent(signal.above)} of requests`;
    case "successRate":
      return `< ${percent(signal.below)} of requests`;
    case "latency":
      return `> ${signal.aboveSeconds} s`;
    case "latencyOverBaseline":
      return `> ${signal.times} × baseline`;
    case "providerErrors":
      return signal.above === 0 ? `any ${signal.kind} error of the provider` : `> ${signal.above} ${signal.kind} errors of the provider`;
    case "providerErrorRate":
      return `> ${percent(signal.above)} of calls refused (${signal.kind})`;
    case "retryRate":
      return `> ${percent(signal.above)} of requests asked again`;
    case "outage":
      return "no request answered";
    case "reported":
      return `${signal.above === undefined ? "" : `> ${signal.above} `}${signal.what}${signal.withinMinutes === undefined ? "" : ` in ${plural(signal.withinMinutes, "minute")}`}`;
    case "costPerRequest":
      return `> ${signal.aboveUsd.toFixed(2)} USD`;
    case "cost":
      return `> ${percent(signal.aboveBudget)} over budget`;
  }
}
