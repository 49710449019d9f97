import { confined } from "../appPod.ts";
import type { Database } from "../plan/plan.ts";
import { type DatabaseLever, stepContainer, temporary } from "./container.ts";

export interface ManagedStepArgs {
  /** Of its container. */
  name: string;
  what: keyof NonNullable<Database["managed"]>;
  definition: Database;
  lever: DatabaseLever;
  /** What the backup is called. */
  backup: string;
  /** ConfigMap that takes what the command found. */
  evidence: string;
}

/**
 * A step on a managed database: the plan's own command for it in the provider's image, and a container that reads what it found off its log.
 * The provider's image is shown neither the database's password nor a token for the cluster.
 */
export function managedStep({ name, what, definition, lever, backup, evidence }: ManagedStepArgs) {
  const { managed } = lever;
  const command = definition.managed?.[what] ?? [];
  // Where its programs keep what they note: the root is read-only.
  const env = { HOME: temporary.mount.mountPath, ...managed?.env, BACKUP: backup };
  const container = {
    ...confined.container,
    name,
    image: managed?.image,
    command: [...command],
    env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
    terminationMessagePolicy: "FallbackToLogsOnError",
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "512Mi" } },
    volumeMounts: [temporary.mount],
  };
  const told = stepContainer({ lever, name: "told", args: ["told", what, "$(POD_NAME)", name], evidence, asksCluster: true });
  return [{ container, volumes: [temporary.volume] }, told];
}
