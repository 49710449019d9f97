/** The benchmark's outcome, as text and as data. */

import type { CommandFigures } from "./command.ts";
import type { Result } from "./contest.ts";
import type { DatabaseSize } from "./database.ts";
import type { PolicySize } from "./policies.ts";
import type { ProviderFigures } from "./provider.ts";
import type { Size } from "./scale.ts";
import { median, type Startup } from "./startup.ts";

/** Durations are seconds, memory bytes. */
export interface RollbackFigures {
  machine: string;
  requestsPerSecond: number;
  warmUpSeconds: number;
  ours: { name: string; target: number; results: Result[] }[];
  peers: { name: string; results: Result[] }[];
  startup: Startup;
  /** Resident memory of all the cluster's processes with the demo running. */
  clusterMemory: number;
}

export const targets = {
  preview: 3,
  programStart: 1,
  clusterMemory: 1.5 * 1024 ** 3,
  firstAnswer: 0.5,
  toKubectl: 1.5,
  scale: 1.5,
  policies: 1.5,
  toPlain: 1.5,
  status: 2,
  database: 1.2,
} as const;

/** Median time to safety; Infinity where it was not reached in any run. */
export function toSafety(results: readonly Result[]): number {
  return median(results.map((result) => result.toSafety ?? Number.POSITIVE_INFINITY));
}

export function failures(results: readonly Result[]): number {
  return results.reduce((sum, result) => sum + result.failed, 0);
}

/** Rows of text: each contestant, with the ratio of ours to each peer. */
export function rollbackTable(outcome: RollbackFigures): string {
  const head = ["", "to safety", "target", "failed", ...outcome.peers.map(({ name }) => `÷ ${name}`)];
  const time = (results: readonly Result[]) =>
    `${results.map((result) => (result.toSafety === null ? "never" : result.toSafety.toFixed(1))).join(" / ")} s`;
  const rows = [
    ...outcome.ours.map(({ name, target, results }) => {
      const ratios = outcome.peers.map((peer) => (toSafety(results) / toSafety(peer.results)).toFixed(2));
      return [name, time(results), `≤ ${target} s`, `${failures(results)}`, ...ratios];
    }),
    ...outcome.peers.map(({ name, results }) => [name, time(results), "", `${failures(results)}`, ...outcome.peers.map(() => "")]),
  ];
  const { preview, programStart } = outcome.startup;
  return [
    align([head, ...rows]),
    "",
    align([
      ["pulumi preview, nothing to change", `${preview.toFixed(1)} s`, `≤ ${targets.preview} s`],
      ["program start to first resource", `${programStart.toFixed(2)} s`, `≤ ${targets.programStart} s`],
      ["cluster with the demo, resident", `${(outcome.clusterMemory / 1024 ** 3).toFixed(2)} GiB`, "< 1.5 GiB"],
    ]),
  ].join("\n");
}

/** What the provider takes beside kubectl, and what the engine adds to it. */
export function providerTable({ count, firstAnswer, kubectl, provider, up, preview }: ProviderFigures): string {
  const toKubectl = (seconds: number) => `${(seconds / kubectl).toFixed(1)} × kubectl`;
  return align([
    ["provider start to first answer", `${firstAnswer.toFixed(2)} s`, "", `≤ ${targets.firstAnswer} s`],
    [`pulumi preview of ${count}, nothing to change`, `${preview.toFixed(1)} s`, "", `≤ ${targets.preview} s`],
    [`${count} ConfigMaps: kubectl apply --server-side`, `${kubectl.toFixed(2)} s`, "", ""],
    [`${count} ConfigMaps: the provider`, `${provider.toFixed(2)} s`, toKubectl(provider), `≤ ${targets.toKubectl} × kubectl`],
    [`${count} ConfigMaps: pulumi up, with its checkpoints`, `${up.toFixed(1)} s`, toKubectl(up), ""],
  ]);
}

/** What a preview takes by the size of the stack, what each system adds to it, and how that compares with the step before. */
export function scaleTable(sizes: readonly Size[]): string {
  const added = sizes.map(({ systems, preview }, index) => {
    const smaller = sizes[index - 1];
    return smaller && (preview - smaller.preview) / (systems - smaller.systems);
  });
  const rows = sizes.map(({ systems, resources, preview }, index) => {
    const [before, now] = [added[index - 1], added[index]];
    const each = now === undefined ? "" : `${(now * 1000).toFixed(0)} ms`;
    const ratio = before === undefined || now === undefined ? ["", ""] : [(now / before).toFixed(2), `≤ ${targets.scale}`];
    return [`${systems}`, `${resources}`, `${preview.toFixed(1)} s`, each, ...ratio];
  });
  return align([["systems", "resources", "preview", "each more", "ratio", "target"], ...rows]);
}

/** What the policy pack adds to a preview by the size of the stack, in seconds, as a ratio, and for each system more. */
export function policiesTable(sizes: readonly PolicySize[]): string {
  const rows = sizes.map(({ systems, without, with: asked }, index) => {
    const smaller = sizes[index - 1];
    const added = asked - without;
    const each = smaller && (added - (smaller.with - smaller.without)) / (systems - smaller.systems);
    return [
      `${systems}`,
      `${without.toFixed(1)} s`,
      `${asked.toFixed(1)} s`,
      `${added.toFixed(1)} s`,
      systems === 1 ? `≤ ${targets.policies} s` : "",
      (asked / without).toFixed(2),
      each === undefined ? "" : `${(each * 1000).toFixed(0)} ms`,
    ];
  });
  return align([["systems", "preview", "with the pack", "added", "target", "ratio", "each more"], ...rows]);
}

/** What the `rollback` command takes beside the commands that it stands for. */
export function commandTable({ plain, to, status }: CommandFigures): string {
  return align([
    ["pulumi config set, pulumi up, verified", `${plain.toFixed(1)} s`, "", ""],
    ["rollback to flag, verified", `${to.toFixed(1)} s`, `${(to / plain).toFixed(2)} × pulumi`, `≤ ${targets.toPlain} × pulumi`],
    ["rollback status", `${status.toFixed(1)} s`, "", `≤ ${targets.status} s`],
  ]);
}

/** What a proved backup and a restore that is swapped in take beside plain pg_dump and pg_restore; the trial restore, which those have none of, apart. */
export function databaseTable(sizes: readonly DatabaseSize[]): string {
  const time = (seconds: number) => `${seconds.toFixed(1)} s`;
  const rows = sizes.map(({ mebibytes, plain, ours }) => [
    `${mebibytes} MiB`,
    time(plain.dump),
    time(plain.restore),
    time(ours.backup),
    time(ours.restore),
    time(ours.trial),
    ((ours.backup + ours.restore) / (plain.dump + plain.restore)).toFixed(2),
    `≤ ${targets.database}`,
  ]);
  return align([["database", "pg_dump", "pg_restore", "backup", "restore", "trial restore", "ratio", "target"], ...rows]);
}

/** Whether every promise that does not depend on the machine held: safety reached, no request failed. */
export function kept(outcome: RollbackFigures): boolean {
  return outcome.ours.every(({ results }) => failures(results) === 0 && results.every((result) => result.toSafety !== null));
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("   ")
        .trimEnd(),
    )
    .join("\n");
}
