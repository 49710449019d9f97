import { z } from "zod";
import type { Plan } from "../plan/plan.ts";
import { oneOf, said } from "./said.ts";
import { image, isObject, quote } from "./scalars.ts";

const objectName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

const matching = (expected: string, example: string, pattern: RegExp) =>
  said(expected, example, (raw, refuse) => {
    if (typeof raw === "string" && pattern.test(raw)) return raw;
    return refuse(`expected ${expected}, got ${quote(raw)}`, example);
  });

const anAddress = "an address without a password, like postgresql://app@postgresql:5432/app";

const exampleAddress = "postgresql://<user>@<host>:5432/<database>";

/** Where it has a password, it is not quoted. */
const address = () =>
  said(anAddress, exampleAddress, (raw, refuse): string => {
    const url = typeof raw === "string" ? URL.parse(raw) : null;
    if (url?.password || url?.searchParams.has("password")) {
      return refuse(
        "has a password, which everyone can read in the stack's file; replace it, and put the new one into the Secret that passwordSecret names",
        exampleAddress,
      );
    }
    if (url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== "" && url.pathname.length > 1) return url.href;
    return refuse(`expected ${anAddress}, got ${quote(raw)}`, exampleAddress);
  });

/** A revision's name looks like a number, which is what YAML and `pulumi config set --path` make of some. */
const revision = ({ database }: Plan) =>
  z.preprocess(
    (raw) => (typeof raw === "number" ? String(raw) : raw),
    oneOf(
      "revision of this plan",
      (database?.revisions ?? []).map(({ name }) => name),
    ),
  );

/** The system's database: which of the plan's revisions it has, which backup its data come from, and how it is reached. */
export function databaseSchema(plan: Plan) {
  const aBackup = "the file name of a backup, like 2026-11-21T12-00-01-000Z-30c25e633508.dump";
  const object = z.strictObject({
    revision: revision(plan),
    /** Set to another one than before: its data are restored. Taken away: nothing changes. */
    restore: matching(aBackup, "<backup>.dump", /^[\w-][\w.-]*\.dump$/).optional(),
    /** PostgreSQL's programs and the steps on a database: `/app/database.mjs`. */
    image: image(),
    url: address(),
    /** A Secret that the stack does not own, and the key of the password in it. */
    passwordSecret: z.strictObject(
      {
        name: matching("the name of a Secret", "<secret>", objectName),
        key: matching("a key of that Secret", "<key>", /^[-._a-zA-Z0-9]+$/),
      },
      {
        error: (issue) =>
          issue.input === undefined ? "missing; expected { name, key }" : `expected { name, key }, got ${quote(issue.input)}`,
      },
    ),
    /** A PersistentVolumeClaim that the stack does not own, so that no update can delete a backup. */
    backups: matching("the name of a PersistentVolumeClaim", "<claim>", objectName).optional(),
  });
  const usable = z.unknown().superRefine((raw, context) => {
    const message = plan.database
      ? `expected { ${Object.keys(object.shape).join(", ")} }, got ${quote(raw)}`
      : `the plan of ${plan.system} has no database; add database: { … } to stacks/${plan.system}.ts first`;
    if (!plan.database || !isObject(raw)) context.addIssue({ code: "custom", message, params: { remove: true } });
  });
  return usable.pipe(object);
}
