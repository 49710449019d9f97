import type { Props } from "../../../../tools/kubernetes-provider/values.ts";
import type { Row } from "./row.ts";

/** The rows of the kinds that run pods. */
export function workloads(metadata: (name: string) => Props, image: string): Row[] {
  const container = (script: string, more: Props = {}): Props => ({
    name: "main",
    image,
    imagePullPolicy: "IfNotPresent",
    args: ["-e", script],
    ...more,
  });
  const stays = (more?: Props): Props => container("setInterval(() => {}, 1000)", more);
  const level = (value: string): Props => ({ env: [{ name: "LEVEL", value }] });
  const podSpec = (main: Props, more: Props = {}): Props => ({
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    containers: [main],
    ...more,
  });
  const template = (app: string, spec: Props): Props => ({ metadata: { labels: { app, serves: "all" } }, spec });
  const selecting = (app: string): Props => ({ selector: { matchLabels: { app } } });
  const levelPath = "spec.template.spec.containers[0].env[0].value";
  const releveled = {
    patch: { spec: { template: { spec: { containers: [stays(level("debug"))] } } } },
    paths: [`update ${levelPath}`],
  };
  const reselected = (app: string) => ({
    patch: { spec: { ...selecting(app), template: { metadata: { labels: { app } } } } },
    paths: ["update spec.template.metadata.labels.app", "update-replace spec.selector.matchLabels.app"],
  });

  return [
    {
      title: "Deployment",
      name: "deployment",
      object: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: metadata("deployment"),
        spec: { replicas: 1, ...selecting("deployment"), template: template("deployment", podSpec(stays(level("info")))) },
      },
      update: releveled,
      replace: reselected("deployment-two"),
      drift: { patch: { spec: { replicas: 2 } }, paths: ["update spec.replicas"] },
    },
    {
      title: "StatefulSet with a volume claim",
      name: "stateful",
      object: {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: metadata("stateful"),
        spec: {
          serviceName: "headless",
          replicas: 1,
          ...selecting("stateful"),
          template: template("stateful", podSpec(stays({ ...level("info"), volumeMounts: [{ name: "data", mountPath: "/data" }] }))),
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: { storageClassName: "conformance", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
            },
          ],
        },
      },
      update: {
        patch: {
          spec: {
            template: {
              spec: { containers: [stays({ ...level("debug"), volumeMounts: [{ name: "data", mountPath: "/data" }] })] },
            },
          },
        },
        paths: [`update ${levelPath}`],
      },
      replace: {
        patch: {
          spec: {
            volumeClaimTemplates: [
              {
                metadata: { name: "data" },
                spec: { storageClassName: "conformance", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2Mi" } } },
              },
            ],
          },
        },
        paths: ["update-replace spec.volumeClaimTemplates[0].spec.resources.requests.storage"],
      },
      drift: { patch: { spec: { replicas: 0 } }, paths: ["update spec.replicas"] },
    },
    {
      title: "DaemonSet",
      name: "daemon",
      object: {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: metadata("daemon"),
        spec: { ...selecting("daemon"), template: template("daemon", podSpec(stays(level("info")))) },
      },
      update: releveled,
      replace: reselected("daemon-two"),
      drift: {
        patch: { spec: { template: { spec: { terminationGracePeriodSeconds: 2 } } } },
        paths: ["update spec.template.spec.terminationGracePeriodSeconds"],
      },
    },
    {
      title: "Job",
      name: "job",
      object: {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: metadata("job"),
        spec: { backoffLimit: 0, template: { spec: podSpec(container("0"), { restartPolicy: "Never" }) } },
      },
      update: { patch: { spec: { backoffLimit: 1 } }, paths: ["update spec.backoffLimit"] },
      replace: {
        patch: { spec: { template: { spec: { containers: [container("0", level("info"))] } } } },
        paths: ["add-replace spec.template.spec.containers[0].env"],
      },
      drift: { patch: { spec: { backoffLimit: 3 } }, paths: ["update spec.backoffLimit"] },
    },
    {
      title: "CronJob",
      name: "cron",
      object: {
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: metadata("cron"),
        spec: { schedule: "0 4 1 1 *", jobTemplate: { spec: { template: { spec: podSpec(container("0"), { restartPolicy: "Never" }) } } } },
      },
      update: { patch: { spec: { schedule: "5 4 1 1 *" } }, paths: ["update spec.schedule"] },
      replace: { patch: { metadata: { name: "cron-renamed" } }, paths: ["update-replace metadata.name"] },
      drift: { patch: { spec: { schedule: "9 4 1 1 *" } }, paths: ["update spec.schedule"] },
    },
    {
      title: "Pod",
      name: "pod",
      object: { apiVersion: "v1", kind: "Pod", metadata: metadata("pod"), spec: podSpec(stays(), { activeDeadlineSeconds: 90_000 }) },
      update: { patch: { spec: { activeDeadlineSeconds: 86_400 } }, paths: ["update spec.activeDeadlineSeconds"] },
      replace: { patch: { spec: { containers: [stays(level("info"))] } }, paths: ["add-replace spec.containers[0].env"] },
      drift: { patch: { metadata: { labels: { tier: "tin" } } }, paths: ["update metadata.labels.tier"] },
    },
  ];
}
