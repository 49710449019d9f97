import { plural } from "../../components/plan/words.ts";
import type { Screen } from "../screen.ts";
import { span, table, utc } from "../text.ts";
import type { View } from "./view.ts";

type Look = Pick<Screen, "colors" | "columns">;

/** How many of the newest lines are shown. */
const shownErrors = 5;
const shownWarnings = 3;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const perSecond = (rate: number | undefined): string => (rate === undefined ? "?" : `${rate.toFixed(1)}/s`);
const sharesText = ({ shares }: View): string =>
  Object.entries(shares)
    .map(([provider, share]) => `${provider} ${percent(share)}`)
    .join(", ");

/** A look as a screen, the most important first. Row M8. */
export function frame(stack: string, view: View, { colors, columns }: Look): string[] {
  const { sight, tracks } = view;
  const { bold, red, green, yellow, dim } = colors;
  const cut = (text: string) => (text.length > columns ? `${text.slice(0, columns - 1)}…` : text);
  const newest = (lines: readonly string[], count: number) => lines.slice(-count).map((line) => cut(`  ${line}`));
  const indented = (headings: string[], rows: string[][]) => table(headings, rows, columns - 2).map((line) => `  ${line}`);
  const health = cut(`health ${sight.health}`);
  const failing = (failed: number | undefined) => (failed === undefined ? "" : failed > 0 ? red(percent(failed)) : percent(failed));
  return [
    `${bold(stack)}, ${utc(sight.at)}`,
    sight.health === "200" ? green(health) : red(health),
    "",
    bold("Tracks"),
    ...indented(
      ["track", "ready", "requests", "failed"],
      tracks.map(({ track, ready, pods, rate, failed }) => [track, `${ready} of ${pods}`, perSecond(rate), failing(failed)]),
    ),
    "",
    bold("Providers"),
    cut(`  ${sharesText(view) || "no call since the look before"}`),
    "",
    bold("Pods"),
    ...indented(
      ["pod", "state", "ready", "restarts", "age", "provider"],
      sight.pods.map(({ name, state, ready, restarts, startedAt, provider }) => [
        name,
        state === "Running" ? state : yellow(state),
        ready ? "yes" : "no",
        String(restarts),
        startedAt === undefined ? "" : span(sight.at - startedAt),
        provider,
      ]),
    ),
    "",
    bold(`Errors in logs, last minute: ${sight.errors.length}`),
    ...newest(sight.errors, shownErrors).map((line) => red(line)),
    bold(`Warnings, last 5 minutes: ${sight.warnings.length}`),
    ...newest(sight.warnings, shownWarnings).map((line) => yellow(line)),
    dim("Ctrl-C ends it."),
  ];
}

/** A look as a line, for a log or a pipe. */
export function line(view: View): string {
  const { sight, tracks } = view;
  const parts = tracks.map(({ track, ready, pods, rate, failed }) =>
    [`${track} ${ready}/${pods}`, perSecond(rate), ...(failed === undefined ? [] : [`${percent(failed)} failed`])].join(" "),
  );
  return [
    utc(sight.at),
    `health ${sight.health}`,
    ...parts,
    sharesText(view) || "no provider called",
    plural(sight.errors.length, "error"),
    plural(sight.warnings.length, "warning"),
  ].join("  ");
}
