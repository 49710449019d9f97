import type { Levers } from "../levers/levers.ts";
import type { Plan } from "../plan/plan.ts";

/** How a pod finds the database: variables, and the Secret with the password, which is in a file and in no variable. */
export interface DatabaseAccess {
  env: Record<string, string>;
  passwordSecret: { name: string; key: string };
}

const folder = "/etc/database";

export const passwordPath = ({ key }: DatabaseAccess["passwordSecret"]): string => `${folder}/${key}`;

/** What the app is told by the plan's own variables; nothing where the stack has no database. */
export function databaseAccess({ database: plan }: Plan, { database }: Levers): DatabaseAccess | undefined {
  if (!plan || !database) return undefined;
  const { url, passwordSecret } = database;
  const env = { ...plan.settings, [plan.env.url]: url, [plan.env.passwordFile]: passwordPath(passwordSecret) };
  return { env, passwordSecret };
}

/** Volume and mount of the password's file, for the pod's own group alone. */
export function passwordFile({ name: secretName, key }: DatabaseAccess["passwordSecret"]) {
  const secret = { secretName, items: [{ key, path: key }], defaultMode: 0o440 };
  return { volume: { name: "database", secret }, mount: { name: "database", mountPath: folder, readOnly: true } };
}
