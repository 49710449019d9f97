import { Verification } from "rollback-stacks";
import { app, operationsImage, shop } from "./app.ts";

new Verification("shop-verification", {
  after: [],
  image: operationsImage,
  app: shop.service.name,
  container: shop.service.container,
  probes: [{ type: "http", title: "health answers 200", path: "/health", status: 200 }],
  leverValues: {},
  release: app.release,
  settleSeconds: 30,
  timeoutSeconds: 60,
});
