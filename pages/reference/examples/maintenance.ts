import { Maintenance } from "rollback-stacks";
import { operationsImage, shop } from "./app.ts";

const page = { retryAfterSeconds: 120, title: "Back soon", text: "The shop is being looked after." };

new Maintenance("shop-maintenance", { service: shop.service, page, image: operationsImage, timeoutSeconds: 60 });
