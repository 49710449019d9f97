/** A store of a system, such as its cache. */
type Store = "cache";

/** A Secret that the stack does not own, and the key of the password in it. */
export interface PasswordSecret {
  name: string;
  key: string;
}

const folderOf = (store: Store): string => `/etc/${store}`;

/** The file at which a pod finds the password: it is in no variable. */
export const passwordPath = (store: Store, { key }: PasswordSecret): string => `${folderOf(store)}/${key}`;

/** Volume and mount of that file, for the pod's own group alone. */
export function passwordFile(store: Store, { name: secretName, key }: PasswordSecret) {
  const secret = { secretName, items: [{ key, path: key }], defaultMode: 0o440 };
  return { volume: { name: store, secret }, mount: { name: store, mountPath: folderOf(store), readOnly: true } };
}
