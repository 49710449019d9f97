import type { ReleaseRecord } from "../../components/releaseRecord.ts";
import { OperatorError } from "../operatorError.ts";
import type { Screen } from "../screen.ts";
import type { OpenStack } from "../stack/open.ts";
import { readState } from "../stack/state.ts";
import { table } from "../text.ts";

/**
 * Compares what runs after a way back with the release that it was a way back to, part by part.
 * @throws {OperatorError} where a part differs.
 */
export async function compareReleases(stack: OpenStack, good: ReleaseRecord, { print, columns, colors }: Screen): Promise<void> {
  const { record } = await readState(stack);
  if (!record) throw new OperatorError(`stack ${stack.name} has no release record after the update`, "unverified");
  const [before, after] = [partsOf(good), partsOf(record)];
  const rows = Object.keys({ ...before, ...after }).map((part) => ({ part, was: before[part] ?? "none", is: after[part] ?? "none" }));
  const differing = rows.filter(({ was, is }) => was !== is);
  print(`\n${colors.bold("The last verified release, and what runs now")}`);
  const lines = rows.map(({ part, was, is }) => [part, short(was), was === is ? colors.green("equal") : colors.red(short(is))]);
  for (const line of table(["part", "digest", "now"], lines, columns)) print(line);
  for (const provider of Object.keys(record.credentials).filter((each) => good.credentials[each] !== record.credentials[each])) {
    print(
      `credentials of ${provider}: rotated since (${good.credentials[provider] ?? "none"}, now ${record.credentials[provider]}), and kept as they are`,
    );
  }
  if (differing.length > 0) {
    throw new OperatorError(`not equal to the last verified release: ${differing.map(({ part }) => part).join(", ")}`, "unverified");
  }
}

const short = (digest: string): string => digest.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1…");

/** What a release is made of, but for credentials. */
function partsOf({ tracks, settings, flags, route, levers }: ReleaseRecord): Record<string, string> {
  const perTrack = tracks.flatMap(({ track, image, provider, replicas }) => [
    [`${track}: image`, image.split("@").at(-1) ?? image],
    [`${track}: provider`, provider],
    [`${track}: pods`, String(replicas)],
  ]);
  return {
    ...Object.fromEntries(perTrack),
    settings: settings[0]?.hash ?? "none",
    ...(flags.length > 0 ? { flags: flags[0]?.hash ?? "none" } : {}),
    traffic: route ? route.wanted.map(({ to, weight }) => `${to} ${weight}`).join(", ") : serving(tracks),
    ...Object.fromEntries(Object.entries(levers?.features ?? {}).map(([feature, on]) => [`feature ${feature}`, on ? "on" : "off"])),
  };
}

/** Which tracks get requests; a provider that the Service is pinned to meanwhile makes no other release. */
function serving(tracks: ReleaseRecord["tracks"]): string {
  return tracks.flatMap(({ track, serving: on, replicas }) => (on ? [`${track} ${replicas}`] : [])).join(", ");
}
