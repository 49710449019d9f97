import { Deployment } from "@pulumi/kubernetes/apps/v1/index.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { definitionsKey } from "./featureFlags.ts";
import { releaseLabel, trackLabel, trafficLabels } from "./motion.ts";
import type { Plan, TrackName } from "./plan/plan.ts";

export interface TrackArgs {
  track: TrackName;
  service: Plan["service"];
  image: string;
  /** Provider the pods are told to use; on their labels, for traffic. */
  provider: string;
  replicas: number;
  /** Fingerprint of everything that makes a new pod; on the pods' labels and in their environment, so that answers can tell. */
  release: string;
  /** Environment variables that stand in the pod template, where an operator looks for them (row M2: `grep AI_PROVIDER`). */
  env: Record<string, string>;
  /** ConfigMap with the rest of the environment. */
  settingsName: string;
  /** ConfigMap with the flags' definitions, and the file at which the app finds them. */
  flagsFile?: { configMapName: string; path: string } | undefined;
  /** Secret with the provider's credentials, and the variables to take from it. */
  credentials: { secretName: string; variables: readonly string[] };
  /** Seconds the cluster has for making the track ready. */
  timeoutSeconds: number;
}

/**
 * One running version of a system: a Deployment that never goes below its capacity while it changes, and a budget that keeps it there.
 *
 * No request is dropped (design rule 3): surge with zero unavailable, readiness before endpoints, a `preStop` sleep until no
 * client chooses the pod any more, then the app's own graceful shutdown.
 *
 * `dependsOn` holds for the Deployment itself, not only for the component: it orders the track against traffic.
 */
export class Track extends pulumi.ComponentResource {
  readonly deployment: Deployment;

  constructor(name: string, args: TrackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rollback-stacks:components:Track", name, {}, opts);
    const { service, track, replicas } = args;
    const definition = service.tracks[track];
    if (!definition) throw new pulumi.RunError(`${track}: the plan of ${service.name} has no such track`);
    const selector = { app: service.name, [trackLabel]: track };
    const labels = { ...trafficLabels(service.name, args), version: definition.version, [releaseLabel]: args.release };
    const customTimeouts = { create: `${args.timeoutSeconds}s`, update: `${args.timeoutSeconds}s`, delete: `${args.timeoutSeconds}s` };

    this.deployment = new Deployment(
      definition.deployment,
      {
        metadata: { name: definition.deployment, labels: { ...selector, version: definition.version } },
        spec: {
          replicas,
          revisionHistoryLimit: 3,
          progressDeadlineSeconds: args.timeoutSeconds,
          selector: { matchLabels: selector },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "100%", maxUnavailable: 0 } },
          template: { metadata: { labels }, spec: this.podSpec(args, selector) },
        },
      },
      { parent: this, customTimeouts, dependsOn: opts?.dependsOn },
    );
    if (replicas > 1) {
      new PodDisruptionBudget(
        definition.deployment,
        {
          metadata: { name: definition.deployment, labels: selector },
          spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
        },
        { parent: this },
      );
    }
    this.registerOutputs({ deployment: this.deployment.metadata.name });
  }

  private podSpec(args: TrackArgs, selector: Record<string, string>) {
    const { service, credentials } = args;
    const env = Object.entries({
      ...args.env,
      PORT: String(service.port),
      TRACK: args.track,
      SHUTDOWN_GRACE_SECONDS: String(service.shutdownSeconds),
    });
    const release = { name: "ROLLBACK_STACKS_RELEASE", valueFrom: { fieldRef: { fieldPath: `metadata.labels['${releaseLabel}']` } } };
    const secrets = credentials.variables.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name: credentials.secretName, key } } }));
    const files = mounts(args);
    return {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: service.preStopSeconds + service.shutdownSeconds,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: { type: "RuntimeDefault" } },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: selector },
        },
      ],
      volumes: files.map(({ volume }) => volume),
      containers: [
        {
          name: service.container,
          image: args.image,
          imagePullPolicy: "IfNotPresent",
          ports: [{ name: "http", containerPort: service.port }],
          env: [...env.map(([name, value]) => ({ name, value })), release, ...secrets],
          envFrom: [{ configMapRef: { name: args.settingsName } }],
          resources: service.resources,
          readinessProbe: { httpGet: { path: service.healthPath, port: "http" }, periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 3 },
          livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 10, failureThreshold: 3 },
          lifecycle: { preStop: { sleep: { seconds: service.preStopSeconds } } },
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
          volumeMounts: files.map(({ mount }) => mount),
        },
      ],
    };
  }
}

/** The files and folders that are not the image's own. */
function mounts({ flagsFile }: TrackArgs) {
  const tmp = { volume: { name: "tmp", emptyDir: {} }, mount: { name: "tmp", mountPath: "/tmp" } };
  if (!flagsFile) return [tmp];
  // A single file beside whatever its folder holds. That such a mount never changes suits: changed definitions come with new pods.
  const mount = { name: "flags", mountPath: flagsFile.path, subPath: definitionsKey, readOnly: true };
  return [tmp, { volume: { name: "flags", configMap: { name: flagsFile.configMapName } }, mount }];
}
