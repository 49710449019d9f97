import { AlertRules } from "rollback-stacks";
import { shop } from "./app.ts";

new AlertRules("shop-alerts", { plan: shop, labels: { release: "kube-prometheus-stack" } });
