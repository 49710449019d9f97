import { Feature } from "rollback-stacks";
import { app, shop } from "./app.ts";

const definition = shop.features.gifts as (typeof shop.features)[string];

new Feature("shop-gifts", { ...app, feature: "gifts", definition, timeoutSeconds: 60 });
