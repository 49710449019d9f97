import type { Config } from "./config.ts";

/** A shop as a tenant gets it, whichever release put it together first: nobody looks again until the cache is emptied. */
export type ShopCache = <Shop>(tenant: string | undefined, make: () => Shop) => Promise<Shop>;

/** What a request waits for the cache; then it does without. */
const timeoutMs = 500;

/** Shops in Redis. A cache that cannot be reached makes answers slower and no less right. */
export async function openShopCache(config: NonNullable<Config["cache"]>): Promise<ShopCache> {
  const { cacheClient } = await import("../../operations/cache/connection.ts");
  const client = cacheClient(config);
  void client.connect().catch(() => {});
  const cache = client.withCommandOptions({ timeout: timeoutMs });
  return async (tenant, make) => {
    const key = `shop:${tenant ?? ""}`;
    const kept = await cache.get(key).catch(() => null);
    if (kept !== null) return JSON.parse(kept);
    const shop = make();
    await cache.set(key, JSON.stringify(shop)).catch(() => {});
    return shop;
  };
}
