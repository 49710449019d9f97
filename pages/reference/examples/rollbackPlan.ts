import { RollbackPlan, readLastUpdate, readPlanAndLevers } from "rollback-stacks";
import { shop } from "./app.ts";

const { plan, levers } = await readPlanAndLevers({ shop: async () => shop });
const last = await readLastUpdate(plan.service.name);

/** The stack's output must have this name: the next update reads it. */
export const release = new RollbackPlan(plan.system, { plan, levers, last }).record;
