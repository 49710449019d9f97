import type { Levers } from "../levers/levers.ts";

/**
 * The code of the Google Cloud parts, for stacks whose `gcp` lever asks for it: its SDK is large, and every rollback waits for the program's
 * start.
 */
export async function loadGoogleCloud(levers: Levers): Promise<typeof import("./googleCloud.ts").GoogleCloud | undefined> {
  return levers.gcp && (await import("./googleCloud.ts")).GoogleCloud;
}
