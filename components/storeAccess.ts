import type { Levers } from "./levers/levers.ts";
import type { Plan } from "./plan/plan.ts";

/** What a system keeps its data in, or beside them. */
export type StoreName = "database" | "cache";

/** How a pod finds a store: variables, and the Secret with the password, which is in a file and in no variable. */
export interface StoreAccess {
  env: Record<string, string>;
  passwordSecret: { name: string; key: string };
}

const folderOf = (store: StoreName): string => `/etc/${store}`;

/** The file at which a pod finds the password. */
export const passwordPath = (store: StoreName, { key }: StoreAccess["passwordSecret"]): string => `${folderOf(store)}/${key}`;

/** Volume and mount of that file, for the pod's own group alone. */
export function passwordFile(store: StoreName, { name: secretName, key }: StoreAccess["passwordSecret"]) {
  const secret = { secretName, items: [{ key, path: key }], defaultMode: 0o440 };
  return { volume: { name: store, secret }, mount: { name: store, mountPath: folderOf(store), readOnly: true } };
}

/** How the app finds the stack's database, by the plan's own variables; nothing where the stack has none. */
export const databaseAccess = ({ database }: Plan, levers: Levers): StoreAccess | undefined =>
  database && levers.database && access("database", database.env, levers.database, database.settings);

/** How the app finds the stack's cache, by the plan's own variables; nothing where the stack has none. */
export const cacheAccess = ({ cache }: Plan, levers: Levers): StoreAccess | undefined =>
  cache && levers.cache && access("cache", cache.env, levers.cache);

function access(
  store: StoreName,
  variables: { url: string; passwordFile: string },
  { url, passwordSecret }: Pick<StoreAccess, "passwordSecret"> & { url: string },
  settings: Record<string, string> = {},
): StoreAccess {
  return { env: { ...settings, [variables.url]: url, [variables.passwordFile]: passwordPath(store, passwordSecret) }, passwordSecret };
}
