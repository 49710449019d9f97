import { Task } from "rollback-stacks";
import { app, image, shop } from "./app.ts";

const definition = shop.tasks.flushCache as (typeof shop.tasks)[string];
const causes = { image, settings: "one", flags: "one" };

/** `ran` is what the next update takes as `last`. */
export const { ran } = new Task("shop-flush-cache", { ...app, task: "flushCache", definition, causes, last: undefined });
