/** The rules that a pack is made of: `import { policies } from "rollback-stacks/policies"`. */

import type { Policies } from "@pulumi/policy";
import { alertRunbook } from "./alertRunbook.ts";
import { disruptionBudget } from "./disruptionBudget.ts";
import { guardPolicies } from "./guards.ts";
import { imageByDigest } from "./imageByDigest.ts";
import { noGap } from "./noGap.ts";
import { noPlainSecrets } from "./noPlainSecrets.ts";
import { noPublicSecrets } from "./noPublicSecrets.ts";
import { packCurrent } from "./packCurrent.ts";
import { providerCredentials } from "./providerCredentials.ts";
import { resourceLimits } from "./resourceLimits.ts";
import { securityContext } from "./securityContext.ts";
import { statefulProtected } from "./statefulProtected.ts";

/**
 * Every rule, mandatory each, in the order of `ruleNames`, after what tells that the pack is of this
 * version. A pack with rules of its own adds them: `policies: [...policies, ourRule]`.
 */
export const policies: Policies = [
  packCurrent,
  ...guardPolicies,
  imageByDigest,
  noPlainSecrets,
  noPublicSecrets,
  providerCredentials,
  noGap,
  disruptionBudget,
  resourceLimits,
  securityContext,
  statefulProtected,
  alertRunbook,
];
