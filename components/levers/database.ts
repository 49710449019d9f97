import { z } from "zod";
import type { Plan } from "../plan/plan.ts";
import { oneOf } from "./said.ts";
import { image, integer } from "./scalars.ts";
import { matching, objectName, ofPlan, passwordSecret, storeAddress } from "./store.ts";

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

/** The system's database: which of the plan's revisions it has, which backup its data come from, and how it is reached. */
export function databaseSchema(plan: Plan) {
  const aBackup = "the file name of a backup, like 2026-11-21T12-00-01-000Z-30c25e633508.dump";
  const object = z.strictObject({
    revision: revision(plan),
    /** Set to another one than before: its data are restored. Taken away: nothing changes. */
    restore: matching(aBackup, "<backup>.dump", /^[\w-][\w.-]*\.dump$/).optional(),
    /** PostgreSQL's programs and the steps on a database: `/app/database.mjs`. */
    image: image(),
    url: storeAddress(/^postgres(ql)?:$/, "postgresql://app@postgresql:5432/app", "postgresql://<user>@<host>:5432/<database>"),
    passwordSecret: passwordSecret(),
    /** A PersistentVolumeClaim that the stack does not own, so that no update can delete a backup. */
    backups: matching("the name of a PersistentVolumeClaim", "<claim>", objectName).optional(),
    /** The newest so many stay once another is proved on a way up, and those that the stack names; without it, all of them. */
    keepBackups: integer(1, mostBackups).optional(),
  });
  const whole = object.superRefine(({ restore, backups }, context) => {
    if (restore === undefined || backups !== undefined) return;
    context.addIssue({
      code: "custom",
      path: ["backups"],
      message: "missing; expected the claim that holds the backup which restore names",
    });
  });
  return ofPlan(plan, "database", Object.keys(object.shape)).pipe(whole);
}
