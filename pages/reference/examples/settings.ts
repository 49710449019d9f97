import { Settings, settingsVersion } from "rollback-stacks";
import { shop } from "./app.ts";

const current = settingsVersion(shop, { maxItems: 3 });

/** `settings.kept` is what the next update takes as `earlier`. */
export const settings = new Settings("shop-settings", { current, earlier: [], labels: { app: "shop" } });
