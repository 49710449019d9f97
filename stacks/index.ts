import { loadGoogleCloud } from "../components/gcp/load.ts";
import { readLastUpdate } from "../components/lastUpdate.ts";
import { readPlanAndLevers } from "../components/levers/read.ts";
import { RollbackPlan } from "../components/rollbackPlan.ts";
import { drillsOf } from "./drills.ts";
import { plans } from "./plans.ts";

const { plan, levers } = await readPlanAndLevers(plans);

/** What this update is made of; the next update reads it to know which way traffic moves. */
export const release = new RollbackPlan(plan.system, {
  plan,
  levers,
  last: await readLastUpdate(plan.service.name),
  drills: drillsOf(plan.system),
  googleCloud: await loadGoogleCloud(levers),
}).record;
