/** The stores of a drill as plain Kubernetes objects: PostgreSQL and Redis, each a StatefulSet of one pod with a volume. */

export const postgresql = { name: "postgresql", port: 5432, user: "app", database: "app" } as const;
export const redis = { name: "redis", port: 6379 } as const;

/** The Secret with both passwords, and its keys; Redis reads its own out of its whole configuration. */
export const storeSecret = {
  name: "stores",
  keys: { postgresql: "postgresql-password", redis: "redis-password", redisConfig: "redis.conf" },
} as const;

/** Claim of the volume that backups are kept on. */
export const backups = "backups";

type Volume = { name: string; path: string; node: string };

export interface StoreChoices {
  namespace: string;
  /** By digest. */
  images: { postgresql: string; redis: string };
  /** Name and folder of the node's volume for each store and for backups; none where the cluster makes volumes itself. */
  volumes?: Record<"postgresql" | "redis" | "backups", Volume> | undefined;
}

const user = 65532;
const secretFolder = "/etc/store";
const size = "4Gi";
const claimed = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } };

interface Store {
  name: string;
  port: number;
  image: string;
  secretKey: string;
  args: string[];
  env?: Record<string, string>;
  /** Answers once it takes commands. */
  ready: string[];
  memory: string;
}

export function storeManifests({ namespace, images, volumes }: StoreChoices) {
  const stores: Store[] = [
    {
      ...postgresql,
      image: images.postgresql,
      secretKey: storeSecret.keys.postgresql,
      args: ["/app/postgresql.mjs", "-c", "listen_addresses=*", "-c", "unix_socket_directories=/tmp", "-c", "timezone=UTC"],
      env: {
        PGDATA: "/data/postgresql",
        POSTGRES_USER: postgresql.user,
        POSTGRES_DB: postgresql.database,
        POSTGRES_PASSWORD_FILE: `${secretFolder}/${storeSecret.keys.postgresql}`,
      },
      ready: ["pg_isready", "--quiet", "--host=/tmp", `--username=${postgresql.user}`],
      memory: "512Mi",
    },
    {
      ...redis,
      image: images.redis,
      secretKey: storeSecret.keys.redisConfig,
      args: [`${secretFolder}/${storeSecret.keys.redisConfig}`],
      // It answers NOAUTH, which says as much as PONG: it takes commands.
      ready: ["redis-cli", "ping"],
      memory: "128Mi",
    },
  ];
  const volume = (name: string, claim: string) =>
    volumes ? [persistentVolume(namespace, claim, volumes[name as keyof typeof volumes])] : [];
  return [
    ...stores.flatMap((store) => [...volume(store.name, `data-${store.name}-0`), service(namespace, store), statefulSet(namespace, store)]),
    ...volume(backups, backups),
    { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: backups, namespace }, spec: claimed },
  ];
}

/** Makes the Secret's content of one password for each store. */
export function storeSecretManifest(namespace: string, passwords: { postgresql: string; redis: string }) {
  const config = [`requirepass ${passwords.redis}`, "dir /data", "appendonly yes", "save ''"].join("\n");
  const { postgresql, redis, redisConfig } = storeSecret.keys;
  const stringData = { [postgresql]: passwords.postgresql, [redis]: passwords.redis, [redisConfig]: `${config}\n` };
  return { apiVersion: "v1", kind: "Secret", metadata: { name: storeSecret.name, namespace }, immutable: true, stringData };
}

/** Of the type `local`: its folder is the node's, so what is in it outlives the pod. */
function persistentVolume(namespace: string, claim: string, { name, path, node }: Volume) {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      capacity: { storage: size },
      accessModes: claimed.accessModes,
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: claim },
      local: { path },
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }] }] },
      },
    },
  };
}

function service(namespace: string, { name, port }: Store) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels: { app: name } },
    spec: { selector: { app: name }, ports: [{ port, targetPort: port }] },
  };
}

function statefulSet(namespace: string, { name, port, image, secretKey, args, env = {}, ready, memory }: Store) {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 30,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: user,
            runAsGroup: user,
            fsGroup: user,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
          },
          volumes: [
            { name: "tmp", emptyDir: {} },
            { name: "secret", secret: { secretName: storeSecret.name, items: [{ key: secretKey, path: secretKey }], defaultMode: 0o440 } },
          ],
          containers: [
            {
              name,
              image,
              imagePullPolicy: "IfNotPresent",
              args,
              env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
              ports: [{ containerPort: port }],
              readinessProbe: { exec: { command: ready }, periodSeconds: 1, timeoutSeconds: 2 },
              resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory } },
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
              volumeMounts: [
                { name: "data", mountPath: "/data" },
                { name: "tmp", mountPath: "/tmp" },
                { name: "secret", mountPath: secretFolder, readOnly: true },
              ],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name: "data" },
          spec: claimed,
        },
      ],
    },
  };
}
