import * as pulumi from "@pulumi/pulumi";
import type { Levers } from "../levers/levers.ts";
import type { GoogleCloud } from "./googleCloud.ts";

/**
 * The code of the Google Cloud parts, for stacks whose `gcp` lever asks for it: its SDK is large, and every rollback waits for the program's
 * start.
 *
 * @throws {pulumi.RunError} where the lever is set and `@pulumi/gcp` is not installed.
 */
export async function loadGoogleCloud(levers: Pick<Levers, "gcp">): Promise<typeof GoogleCloud | undefined> {
  if (!levers.gcp) return undefined;
  try {
    return (await import("./googleCloud.ts")).GoogleCloud;
  } catch (error) {
    if (!/^(ERR_)?MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? "")) throw error;
    throw new pulumi.RunError(
      "gcp: this program has no @pulumi/gcp. Nothing was changed.\n    mend it with: npm install @pulumi/gcp, or pulumi config rm gcp",
    );
  }
}
