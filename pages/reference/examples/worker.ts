import { Worker } from "rollback-stacks";
import { app } from "./app.ts";

const definition = { deployment: "shop-mailer", command: ["node", "mailer.mjs"], replicas: 1, drainSeconds: 60 };

new Worker("shop-mailer", { ...app, worker: "mailer", definition, timeoutSeconds: 60 });
