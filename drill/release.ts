import type { ReleaseRecord } from "../components/releaseRecord.ts";
import type { Pulumi } from "../pulumi/pulumi.ts";

/** What the stack's last verified update was made of. */
export async function readRelease(pulumi: Pulumi): Promise<ReleaseRecord> {
  const { stdout } = await pulumi.run(["stack", "output", "release", "--json"]);
  return JSON.parse(stdout) as ReleaseRecord;
}
