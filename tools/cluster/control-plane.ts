import { join } from "node:path";
import { network } from "./network.ts";

/** A program that a supervisor keeps running. */
export interface Component {
  name: string;
  command: string;
  args: string[];
}

export interface ControlPlaneOptions {
  /** The cluster's folder as these processes see it; they run in its `data` folder. */
  dir: string;
  /** The folder of the programs as these processes see it. */
  bin: string;
  /** Address the API server listens on. */
  bind: string;
  port: number;
  /** Address that pods reach the API server at, where pods are real. */
  advertise: string;
}

/**
 * etcd, API server, controller manager and scheduler: the same for the real and the simulated node.
 * Every limit that spreads work over time on a shared cluster is lifted: here one person waits for one rollback.
 */
export function controlPlane({ dir, bin, bind, port, advertise }: ControlPlaneOptions) {
  const config = join(dir, "config");
  const kubeconfigFlags = (user: string) =>
    ["kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig"].map(
      (flag) => `--${flag}=${join(config, `${user}.kubeconfig`)}`,
    );
  const etcd: Component = {
    name: "etcd",
    command: join(bin, "etcd"),
    args: [
      "--name=default",
      "--data-dir=etcd",
      // Unix sockets in the cluster's own folder (mode 700): no port to collide on, nobody else can connect.
      "--listen-client-urls=unix://etcd.sock",
      "--advertise-client-urls=unix://etcd.sock",
      "--listen-peer-urls=unix://etcd-peer.sock",
      "--initial-advertise-peer-urls=unix://etcd-peer.sock",
      "--initial-cluster=default=unix://etcd-peer.sock",
      // A killed process loses nothing by it; only a power failure would, and then the cluster is made again.
      "--unsafe-no-fsync",
      "--log-level=warn",
    ],
  };
  const apiServer: Component = {
    name: "kube-apiserver",
    command: join(bin, "kube-apiserver"),
    args: [
      "--etcd-servers=unix://etcd.sock",
      `--bind-address=${bind}`,
      `--secure-port=${port}`,
      `--advertise-address=${advertise}`,
      "--permit-address-sharing",
      `--service-cluster-ip-range=${network.services}`,
      "--authorization-mode=RBAC",
      "--anonymous-auth=false",
      "--allow-privileged",
      `--token-auth-file=${join(config, "tokens.csv")}`,
      `--tls-cert-file=${join(config, "apiserver.crt")}`,
      `--tls-private-key-file=${join(config, "apiserver.key")}`,
      "--kubelet-preferred-address-types=InternalIP",
      `--kubelet-certificate-authority=${join(config, "ca.crt")}`,
      `--kubelet-client-certificate=${join(config, "kubelet-client.crt")}`,
      `--kubelet-client-key=${join(config, "kubelet-client.key")}`,
      `--service-account-issuer=https://kubernetes.default.svc.${network.domain}`,
      `--service-account-key-file=${join(config, "service-account.pub")}`,
      `--service-account-signing-key-file=${join(config, "service-account.key")}`,
      "--enable-priority-and-fairness=false",
      "--max-requests-inflight=0",
      "--max-mutating-requests-inflight=0",
      "--profiling=false",
    ],
  };
  const controllerManager: Component = {
    name: "kube-controller-manager",
    command: join(bin, "kube-controller-manager"),
    args: [
      ...kubeconfigFlags("kube-controller-manager"),
      "--secure-port=0",
      "--leader-elect=false",
      `--service-account-private-key-file=${join(config, "service-account.key")}`,
      `--root-ca-file=${join(config, "ca.crt")}`,
      "--use-service-account-credentials=false",
      "--kube-api-qps=1000",
      "--kube-api-burst=2000",
      "--concurrent-deployment-syncs=20",
      "--concurrent-replicaset-syncs=20",
      "--concurrent-statefulset-syncs=20",
      "--concurrent-daemonset-syncs=20",
      "--concurrent-job-syncs=20",
      "--concurrent-endpoint-syncs=20",
      "--concurrent-service-endpoint-syncs=20",
      "--endpoint-updates-batch-period=0s",
      "--endpointslice-updates-batch-period=0s",
      "--profiling=false",
    ],
  };
  const scheduler: Component = {
    name: "kube-scheduler",
    command: join(bin, "kube-scheduler"),
    args: [`--config=${join(config, "kube-scheduler.yaml")}`, "--secure-port=0"],
  };
  return { etcd, apiServer, controllerManager, scheduler };
}

/** https://kubernetes.io/docs/reference/config-api/kube-scheduler-config.v1/ */
export function schedulerConfiguration(dir: string) {
  return {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    leaderElection: { leaderElect: false },
    clientConnection: { kubeconfig: join(dir, "config", "kube-scheduler.kubeconfig"), qps: 1000, burst: 2000 },
    enableProfiling: false,
  };
}
