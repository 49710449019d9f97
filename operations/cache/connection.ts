import { readFileSync } from "node:fs";
import { createClient } from "@redis/client";

export interface CacheConnection {
  /** `redis://host:port/number`. */
  url: string;
  /** Holds the password, where the address does not. */
  passwordFile?: string | undefined;
}

/** A client that is not connected yet. What it is asked while there is no connection fails at once. */
export function cacheClient({ url, passwordFile }: CacheConnection, connectTimeout = 5000) {
  const password = passwordFile === undefined ? {} : { password: readFileSync(passwordFile, "utf8").trim() };
  const client = createClient({ url, ...password, disableOfflineQueue: true, socket: { connectTimeout } });
  // Told by whatever is asked next.
  client.on("error", () => {});
  return client;
}
