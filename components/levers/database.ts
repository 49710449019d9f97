import { z } from "zod";
import { environmentName } from "../plan/common.ts";
import type { Plan } from "../plan/plan.ts";
import { backupsPlace } from "./backups.ts";
import { oneOf } from "./said.ts";
import { image, integer, quote, text } from "./scalars.ts";
import { matching, ofPlan, passwordSecret, storeAddress } from "./store.ts";

/** A revision's name looks like a number, which is what YAML and `pulumi config set --path` make of some. */
const revision = ({ database }: Plan) =>
  z.preprocess(
    (raw) => (typeof raw === "number" ? String(raw) : raw),
    oneOf(
      "revision of this plan",
      (database?.revisions ?? []).map(({ name }) => name),
    ),
  );

const mostBackups = 1000;
const aBackup = "the file name of a backup, like 2026-11-21T12-00-01-000Z-30c25e633508.dump";
const remove = { remove: true } as const;

/** The system's database: which of the plan's revisions it has, which backup its data come from, and how it is reached. */
export function databaseSchema(plan: Plan) {
  const object = z.strictObject({
    revision: revision(plan),
    /** Set to another one than before: its data are restored. Taken away: nothing changes. */
    restore: matching(aBackup, "<backup>.dump", /^[\w-][\w.-]*$/).optional(),
    /** PostgreSQL's programs and the steps on a database: `/app/database.mjs`. */
    image: image(),
    url: storeAddress(/^postgres(ql)?:$/, "postgresql://app@postgresql:5432/app", "postgresql://<user>@<host>:5432/<database>"),
    passwordSecret: passwordSecret(),
    backups: backupsPlace().optional(),
    /** A provider's own backups in place of dumps: the image of its programs, and the variables of the plan's commands for them. */
    managed: z.strictObject({ image: image(), env: z.record(environmentName, text()).default({}) }).optional(),
    /** The newest so many stay once another is proved on a way up, and those that the stack names; without it, all of them. */
    keepBackups: integer(1, mostBackups).optional(),
  });
  const whole = object.superRefine(({ restore, backups, managed, keepBackups }, context) => {
    const refuse = (path: string, message: string, params?: { value: string } | { remove: true }) =>
      context.addIssue({ code: "custom", path: [path], message, params });
    if (managed) {
      const stacks = `stacks/${plan.system}.ts`;
      if (!plan.database?.managed)
        refuse("managed", `the plan of ${plan.system} has no commands for it; add database.managed to ${stacks} first`, remove);
      if (backups !== undefined)
        refuse("backups", "a managed database's backups are its provider's; expected one of backups and managed", remove);
      if (keepBackups !== undefined)
        refuse("keepBackups", "a managed database's backups are its provider's, which keeps and deletes them", remove);
      return;
    }
    if (restore !== undefined && !restore.endsWith(".dump"))
      refuse("restore", `expected ${aBackup}, got ${quote(restore)}`, { value: "<backup>.dump" });
    if (restore !== undefined && backups === undefined)
      refuse("backups", "missing; expected the claim or bucket that holds the backup which restore names");
  });
  return ofPlan(plan, "database", Object.keys(object.shape)).pipe(whole);
}
