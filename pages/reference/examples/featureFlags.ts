import { FeatureFlags, flagsVersion } from "rollback-stacks";
import { shop } from "./app.ts";

const current = flagsVersion(shop, { suggestions: { enabled: true } });

/** `flags.kept` is what the next update takes as `earlier`. */
export const flags = new FeatureFlags("shop-flags", { current, earlier: [], labels: { app: "shop" } });
