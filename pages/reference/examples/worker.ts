import { Worker } from "rollback-stacks";
import { app, shop } from "./app.ts";

const definition = shop.workers.mailer as (typeof shop.workers)[string];

new Worker("shop-mailer", { ...app, worker: "mailer", definition, timeoutSeconds: 60 });
