import { readLastUpdate } from "../../../../components/lastUpdate.ts";
import { readPlanAndLevers } from "../../../../components/levers/read.ts";
import { RollbackPlan } from "../../../../components/rollbackPlan.ts";
import clinic from "./plan.ts";

const { plan, levers } = await readPlanAndLevers({ clinic: async () => clinic });

export const release = new RollbackPlan(plan.system, { plan, levers, last: await readLastUpdate(plan.service.name) }).record;
