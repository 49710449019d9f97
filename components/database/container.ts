import { confined } from "../appPod.ts";
import type { Levers } from "../levers/levers.ts";
import { passwordFile, passwordPath } from "../storeAccess.ts";
import { backupsFolder, backupsVolume } from "./backups.ts";

export type DatabaseLever = NonNullable<Levers["database"]>;

const checksFolder = "/etc/checks";
/** Its key in the ConfigMap too. */
export const checksFile = "checks.json";
export const checksPath = `${checksFolder}/${checksFile}`;
/** The same of those that a backup is asked. */
export const backupChecksFile = "backup.json";
export const backupChecksPath = `${checksFolder}/${backupChecksFile}`;

/** Where whoever runs in a pod looks for its service account; mounted into this container alone, so that the app's image gets no token. */
const accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";
const tokenSeconds = 3600;

export interface StepContainerArgs {
  name: string;
  lever: DatabaseLever;
  /** Of `/app/database.mjs`. */
  args: readonly string[];
  /** The stack's own folder in the bucket with the backups; default: all of it. */
  folder?: string | undefined;
  /** ConfigMap that takes what the step found; nothing for what is no step of its own. */
  evidence?: string | undefined;
  /** ConfigMap with the plan's integrity queries; nothing where it has none that fit. */
  checks?: string | undefined;
  /** Whether it asks the cluster's API server, which takes the token of the pod's service account. */
  asksCluster: boolean;
}

/** Whether a stack says where its backups go. */
export const hasBackups = ({ backups, managed }: Pick<DatabaseLever, "backups" | "managed">): boolean =>
  backups !== undefined || managed !== undefined;

/** A container with PostgreSQL's programs and the steps on a database, and the volumes that it needs. */
export function stepContainer({ name, lever, args, folder, evidence, checks, asksCluster }: StepContainerArgs) {
  const { image, url, passwordSecret, backups } = lever;
  const password = passwordFile("database", passwordSecret);
  const env = {
    DATABASE_URL: url,
    DATABASE_PASSWORD_FILE: passwordPath("database", passwordSecret),
    ...(evidence !== undefined && { EVIDENCE: evidence }),
  };
  const mounts = [
    temporary,
    password,
    ...(asksCluster ? [account] : []),
    ...(checks
      ? [{ volume: { name: "checks", configMap: { name: checks } }, mount: { name: "checks", mountPath: checksFolder, readOnly: true } }]
      : []),
    ...(backups && args.some(isBackups)
      ? [{ volume: backupsVolume(backups, folder), mount: { name: "backups", mountPath: backupsFolder } }]
      : []),
  ];
  return {
    volumes: mounts.map(({ volume }) => volume),
    container: {
      ...confined.container,
      name,
      image,
      args: ["/app/database.mjs", ...args],
      env: [...Object.entries(env).map(([variable, value]) => ({ name: variable, value })), podName],
      // What failed is then told by `kubectl describe` too.
      terminationMessagePolicy: "FallbackToLogsOnError",
      resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "512Mi" } },
      volumeMounts: mounts.map(({ mount }) => mount),
    },
  };
}

export const temporary = { volume: { name: "tmp", emptyDir: {} }, mount: { name: "tmp", mountPath: "/tmp" } };

const podName = { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } };

/** A step that works on backups names their folder, or one of them; no other waits for their volume. */
const isBackups = (argument: string): boolean => argument === backupsFolder || argument.startsWith(`${backupsFolder}/`);

const account = {
  volume: {
    name: "account",
    projected: {
      defaultMode: 0o440,
      sources: [
        { serviceAccountToken: { path: "token", expirationSeconds: tokenSeconds } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
      ],
    },
  },
  mount: { name: "account", mountPath: accountFolder, readOnly: true },
};
