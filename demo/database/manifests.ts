import type { V1Job } from "@kubernetes/client-node";
import { revisionPlace } from "../../components/plan/database.ts";
import type { Database } from "../../components/plan/plan.ts";

export interface MigrationChoices {
  namespace: string;
  /** The app's, by digest. */
  image: string;
  /** Of the database, without the password. */
  url: string;
  passwordSecret: { name: string; key: string };
  plan: Pick<Database, "env" | "settings" | "commands" | "timeoutSeconds">;
  /** To go to. */
  revision: string;
}

const folder = "/etc/database";
const user = 65532;

/** A Job, named anew each time, that takes the database to a revision by the plan's own command; for before there is a stack. */
export function migrationJob({ namespace, image, url, passwordSecret, plan, revision }: MigrationChoices): V1Job {
  const env = { ...plan.settings, [plan.env.url]: url, [plan.env.passwordFile]: `${folder}/${passwordSecret.key}` };
  const secret = { secretName: passwordSecret.name, items: [{ key: passwordSecret.key, path: passwordSecret.key }], defaultMode: 0o440 };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { generateName: "migrate-", namespace },
    spec: {
      backoffLimit: 2,
      activeDeadlineSeconds: plan.timeoutSeconds,
      ttlSecondsAfterFinished: 600,
      template: {
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: user,
            runAsGroup: user,
            fsGroup: user,
            seccompProfile: { type: "RuntimeDefault" },
          },
          volumes: [
            { name: "tmp", emptyDir: {} },
            { name: "password", secret },
          ],
          containers: [
            {
              name: "migrate",
              image,
              imagePullPolicy: "IfNotPresent",
              command: plan.commands.to.map((word) => word.replaceAll(revisionPlace, revision)),
              env: Object.entries(env).map(([name, value]) => ({ name, value })),
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
              volumeMounts: [
                { name: "tmp", mountPath: "/tmp" },
                { name: "password", mountPath: folder, readOnly: true },
              ],
            },
          ],
        },
      },
    },
  };
}
