import { told } from "../../components/levers/errors.ts";
import type { Screen } from "../screen.ts";
import { shortImage, shown, size, span, table, utc } from "../text.ts";
import type { Status } from "./gather.ts";

/** Status as a person reads it at 3 a.m.: what is wrong first. */
export function showStatus(status: Status, { print, colors, columns }: Screen): void {
  const { bold, red, yellow, green, dim } = colors;
  const section = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return;
    print(`\n${bold(title)}`);
    for (const line of lines) print(line === "" ? "" : `  ${line}`);
  };
  const inside = columns - 2;
  print(`${bold(status.stack)} (${status.system}), ${utc(status.at)}`);
  for (const line of wrong(status)) print(red(line));
  for (const line of standing(status)) print(yellow(line));
  if (wrong(status).length + standing(status).length === 0) print(green("As the last verified release left it."));
  section(
    "Trouble",
    status.troubles.flatMap(({ name, what, mend }) => [`${red(name)}: ${what}`, `  mend it with: ${mend}`]),
  );
  section(
    "Tracks",
    table(
      ["track", "traffic", "ready", "provider", "image"],
      status.tracks.map(({ track, traffic, ready, wanted, provider, image }) => [
        track,
        traffic === null ? "?" : `${traffic} %`,
        `${ready ?? "?"} of ${wanted}`,
        provider,
        shortImage(image),
      ]),
      inside,
    ),
  );
  section(
    "Levers",
    table(
      ["lever", "now", "last verified"],
      status.levers.map(({ path, now, verified, differs }) => [
        path,
        differs ? yellow(shown(now)) : shown(now),
        differs ? shown(verified) : dim("the same"),
      ]),
      inside,
    ),
  );
  section(
    "Flags",
    Object.entries(status.flags).map(([flag, { enabled, percentage }]) => `${flag}: ${enabled ? `on for ${percentage} %` : "off"}`),
  );
  section(
    "Credentials",
    status.credentials.map(({ path, present }) => `${path}: ${present ? "set" : red("missing")}`),
  );
  section("Database", database(status));
  section(
    "In the cluster, and not in the stack's state",
    status.drift.map(({ what, where, wanted, found }) => `${what}${where ? ` ${where}` : ""}: ${shown(found)} instead of ${shown(wanted)}`),
  );
  section(
    "Levels",
    table(
      ["level", "RTO", "last drilled"],
      status.drills.map(({ level, rtoSeconds, at, seconds }) => [
        level,
        `${rtoSeconds} s`,
        at === null ? "never" : `${utc(at)}, safe after ${seconds} s`,
      ]),
      inside,
    ),
  );
  section(
    "Not known",
    status.unknown.flatMap((why) => why.split("\n")),
  );
}

function database({ database: found }: Status): string[] {
  if (!found) return [];
  const { revision, title, restored, backup } = found;
  return [
    `revision ${[revision, title].filter(Boolean).join(": ")}`,
    ...(restored === null ? [] : [`restored from ${restored}`]),
    backup
      ? `newest backup ${backup.file}${backup.bytes === null ? "" : `, ${size(backup.bytes)}`}, restored for a trial ${utc(backup.restoredAt)}`
      : "no backup by an update yet",
  ];
}

/** What needs somebody now. */
function wrong({ lastUpdate, pending, problems, verified, database }: Status): string[] {
  const attempted = database?.attempted;
  return [
    ...(verified === null ? ["No verified release yet."] : []),
    ...(lastUpdate?.result === "failed"
      ? [
          ["The last update failed", utc(lastUpdate.endedAt ?? lastUpdate.startedAt), firstLine(lastUpdate.message)]
            .filter(Boolean)
            .join("; "),
          "  What runs may be in part as it aimed for: pulumi up --refresh brings it to the levers below, rollback last-good goes back.",
        ]
      : []),
    ...(pending.length > 0
      ? [
          `An update was cut off in ${pending.map(({ name }) => name).join(", ")}: pulumi up --refresh, then pulumi refresh --clear-pending-creates, goes on; rollback last-good goes back.`,
        ]
      : []),
    ...(attempted
      ? [`The database may be at ${attempted.revision}: the step ${attempted.way} of a failed update. pulumi up goes on from there.`]
      : []),
    ...problems.map(told),
  ];
}

/** What one has to know before changing anything. */
function standing({ holder, verified, levers, drift }: Status): string[] {
  const changed = levers.filter(({ differs }) => differs).length;
  return [
    ...(verified ? [`Last verified: ${utc(verified.at)}, ${span(verified.ageSeconds * 1000)} ago.`] : []),
    ...(changed > 0 ? [`Levers not as last verified: ${changed}. pulumi up carries them out, rollback last-good takes them back.`] : []),
    ...(drift.length > 0 ? ["The cluster is not as the last update left it: pulumi up --refresh, or rollback last-good."] : []),
    ...(holder && !holder.gone
      ? [`${holder.who} is changing it${holder.since ? ` since ${holder.since}` : ""}${holder.doing ? `: ${holder.doing}` : ""}.`]
      : []),
    ...(holder?.gone
      ? [`A lock is left of ${holder.who}, which is gone: the next rollback command releases it, as does pulumi cancel.`]
      : []),
  ];
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";
