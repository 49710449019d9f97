/** What a system keeps its data in, or beside them. */
type Store = "database" | "cache";

/** How a pod finds a store: variables, and the Secret with the password, which is in a file and in no variable. */
export interface StoreAccess {
  env: Record<string, string>;
  passwordSecret: { name: string; key: string };
}

const folderOf = (store: Store): string => `/etc/${store}`;

/** The file at which a pod finds the password. */
export const passwordPath = (store: Store, { key }: StoreAccess["passwordSecret"]): string => `${folderOf(store)}/${key}`;

/** Volume and mount of that file, for the pod's own group alone. */
export function passwordFile(store: Store, { name: secretName, key }: StoreAccess["passwordSecret"]) {
  const secret = { secretName, items: [{ key, path: key }], defaultMode: 0o440 };
  return { volume: { name: store, secret }, mount: { name: store, mountPath: folderOf(store), readOnly: true } };
}
