import type { Guard } from "../../components/guards/guard.ts";

/** The table of docs/policies.md that says what the guards are. */
export function guardTable(guards: readonly Guard[]): string {
  const rows = guards.map(
    ({ name, severity, description, why, slowsRollouts }) =>
      `| \`${name}\` | ${severity} | ${description} | ${why} | ${slowsRollouts ? "never" : "one that breaks this"} |`,
  );
  return ["| rule | severity | what must hold | why | holds back a rollback |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}
