import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies.ts";

/** The pack: `pulumi up --policy-pack policies`. */
new PolicyPack("rollback-stacks", { enforcementLevel: "mandatory", policies });
