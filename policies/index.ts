import { PolicyPack } from "@pulumi/policy";
import { guardPolicies } from "./guards.ts";
import { imageByDigest } from "./imageByDigest.ts";

/** The pack: `pulumi up --policy-pack policies`. Every rule is mandatory: it stops an update before the resource that breaks it changes. */
new PolicyPack("rollback-stacks", { enforcementLevel: "mandatory", policies: [...guardPolicies, imageByDigest] });
