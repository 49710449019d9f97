import { type Targeting, targetings } from "../flags/targeting.ts";
import { wider } from "../flags/wider.ts";
import type { Problem } from "../levers/errors.ts";
import type { Guard } from "./guard.ts";

/** On the first update of all every flag is new to the record, and none to the app: then only the milestones are asked for. */
export const newFlagsOff: Guard = {
  name: "new-flags-off",
  description: "A flag that no verified update had yet starts off for everybody; a safeguard starts on.",
  why: "E1: a release brings new code, and its flag brings it to people",
  severity: "high",
  slowsRollouts: true,
  check({ plan, levers, last }) {
    const { exposure } = last ?? {};
    if (!exposure) return [];
    return Object.entries(targetings(plan, levers.flags)).flatMap(([name, targeting]): Problem[] => {
      const path = `flags.${name}`;
      const safe = plan.flags.known[name]?.safe === "on";
      if (exposure[path] || !(safe ? wider(targeting, on) : wider(off, targeting))) return [];
      const message = safe
        ? "is a new safeguard and off for some; expected on for everybody"
        : "is a new flag and on for some; expected off";
      return [{ path, message, command: `pulumi config set --path ${path} ${safe}` }];
    });
  },
};

const on: Targeting = { enabled: true, percentage: 100, only: {}, except: {} };
const off: Targeting = { ...on, enabled: false };
