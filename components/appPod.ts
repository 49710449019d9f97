import { definitionsKey } from "./featureFlags.ts";
import { releaseLabel } from "./motion.ts";
import type { Plan } from "./plan/plan.ts";
import { passwordFile, type StoreAccess } from "./storeAccess.ts";

/** What the app is told and given, whatever it does in its pod: serve, work through jobs, or carry out a task. */
export interface AppPodArgs {
  /** The plan's `service`. */
  service: Plan["service"];
  /** By digest: `name@sha256:…`. */
  image: string;
  /** Environment variables that stand in the pod template, where an operator looks for them (row M2: `grep AI_PROVIDER`). */
  env: Record<string, string>;
  /** Fingerprint of everything that makes a new pod; on the pods' labels and in their environment, so that answers can tell. */
  release: string;
  /** ConfigMap with the rest of the environment. */
  settingsName: string;
  /** ConfigMap with the flags' definitions, and the file at which the app finds them. */
  flagsFile?: { configMapName: string; path: string } | undefined;
  /** Secret with the provider's credentials, and the variables to take from it. */
  credentials: { secretName: string; variables: readonly string[] };
  /** How they find the database; nothing where the stack has none. */
  database?: StoreAccess | undefined;
  /** How they find the cache; nothing where the stack has none. */
  cache?: StoreAccess | undefined;
  /** Kubernetes service account that the pods run as; default: the namespace's own. */
  serviceAccountName?: string | undefined;
}

const nobody = 65532;

/** What every pod of a stack is confined to. */
export const confined = {
  pod: {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, runAsUser: nobody, runAsGroup: nobody, seccompProfile: { type: "RuntimeDefault" } },
  },
  container: {
    imagePullPolicy: "IfNotPresent",
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
  },
};

/** The same for a pod that reads a password from a file, which its group alone may. */
export const readingPasswords = { ...confined.pod.securityContext, fsGroup: nobody };

/** Pod and container of the app, up to what it does there. */
export function appPod(args: AppPodArgs) {
  const { service, image, settingsName, credentials, database, cache, serviceAccountName } = args;
  const plain = Object.entries({ ...args.env, ...database?.env, ...cache?.env }).map(([name, value]) => ({ name, value }));
  const release = { name: "ROLLBACK_STACKS_RELEASE", valueFrom: { fieldRef: { fieldPath: `metadata.labels['${releaseLabel}']` } } };
  const secrets = credentials.variables.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name: credentials.secretName, key } } }));
  const files = mounts(args);
  const securityContext = database || cache ? readingPasswords : confined.pod.securityContext;
  return {
    pod: { ...confined.pod, securityContext, serviceAccountName, volumes: files.map(({ volume }) => volume) },
    container: {
      ...confined.container,
      name: service.container,
      image,
      env: [...plain, release, ...secrets],
      envFrom: [{ configMapRef: { name: settingsName } }],
      resources: service.resources,
      volumeMounts: files.map(({ mount }) => mount),
    },
  };
}

/** The files and folders that are not the image's own. */
function mounts({ service, flagsFile, database, cache }: AppPodArgs) {
  const writable = service.writableFolders.map((mountPath, index) => {
    const name = `writable-${index + 1}`;
    return { volume: { name, emptyDir: {} }, mount: { name, mountPath } };
  });
  const passwords = [
    ...(database ? [passwordFile("database", database.passwordSecret)] : []),
    ...(cache ? [passwordFile("cache", cache.passwordSecret)] : []),
  ];
  if (!flagsFile) return [...writable, ...passwords];
  // A single file beside whatever its folder holds. That such a mount never changes suits: changed definitions come with new pods.
  const mount = { name: "flags", mountPath: flagsFile.path, subPath: definitionsKey, readOnly: true };
  return [...writable, { volume: { name: "flags", configMap: { name: flagsFile.configMapName } }, mount }, ...passwords];
}
