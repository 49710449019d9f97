import { Release } from "rollback-stacks";
import { app, shop } from "./app.ts";

const stable = { track: "stable", provider: "openai", replicas: 2 } as const;

new Release("shop", {
  plan: shop,
  tracks: [{ ...app, ...stable, requires: [], state: { ...stable, template: app.release, serving: true } }],
  last: undefined,
  timeoutSeconds: 60,
});
