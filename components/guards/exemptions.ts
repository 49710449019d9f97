import type { Problem } from "../levers/errors.ts";
import { exemptionsOf, inForce } from "./exemption.ts";
import type { Guard } from "./guard.ts";

export const exemptions: Guard = {
  name: "exemptions",
  description: "No exemption is older than it was meant to be.",
  why: "An exemption has an end: past it, a person renews it or it goes",
  severity: "medium",
  slowsRollouts: true,
  check({ levers, now }) {
    const expired = exemptionsOf(levers).filter((exemption) => !inForce(exemption, now));
    // The last one first: a command that removes an entry then leaves the numbers of those before it as they are.
    return expired.reverse().map(({ path, policy, expiresAt }): Problem => {
      const command = `pulumi config rm --path ${path.includes("[") ? `'${path}'` : path}`;
      return { path, message: `the exemption from ${policy} expired at ${expiresAt}`, command };
    });
  },
};
