import { join } from "node:path";
import { type Component, controlPlane, schedulerConfiguration } from "./control-plane.ts";
import { inside, insideBin } from "./namespaces.ts";
import { network, nodeName } from "./network.ts";

export const containerdSocket = "/run/containerd/containerd.sock";
export const pauseImage = "localhost/rollback-stacks-pause:1";

const config = join(inside, "config");
const data = join(inside, "data");

/** What runs on the node, with paths and addresses as they are inside its namespaces. */
export function nodeComponents() {
  const bin = (name: string) => join(insideBin, name);
  const containerd: Component = { name: "containerd", command: "containerd", args: ["--config", join(config, "containerd.toml")] };
  const kubelet: Component = {
    name: "kubelet",
    command: bin("kubelet"),
    args: [
      `--config=${join(config, "kubelet.yaml")}`,
      `--kubeconfig=${join(config, "kubelet.kubeconfig")}`,
      `--root-dir=${join(data, "kubelet")}`,
      `--cert-dir=${join(data, "kubelet-pki")}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${network.node}`,
    ],
  };
  const kubeProxy: Component = { name: "kube-proxy", command: bin("kube-proxy"), args: [`--config=${join(config, "kube-proxy.yaml")}`] };
  const coredns: Component = { name: "coredns", command: bin("coredns"), args: ["-conf", join(config, "Corefile")] };
  return {
    ...controlPlane({ dir: inside, bin: insideBin, bind: "0.0.0.0", port: network.apiPort, advertise: network.node }),
    containerd,
    kubelet,
    kubeProxy,
    coredns,
  };
}

/** Configuration files by name, for the cluster's config folder; objects are written as YAML. */
export function nodeConfiguration(options: { snapshotter: string; cniPlugins: string }): Record<string, string | object> {
  return {
    "kube-scheduler.yaml": schedulerConfiguration(inside),
    "kubelet.yaml": kubeletConfiguration(),
    "kube-proxy.yaml": kubeProxyConfiguration(),
    "containerd.toml": containerdConfiguration(options),
    "cni/10-pods.conflist": JSON.stringify(cniConfiguration()),
    Corefile: corefile(),
    hosts: `127.0.0.1 localhost\n${network.node} ${nodeName}\n`,
    "resolv.conf": "",
  };
}

/** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
function kubeletConfiguration() {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: { anonymous: { enabled: false }, webhook: { enabled: false }, x509: { clientCAFile: join(config, "ca.crt") } },
    authorization: { mode: "AlwaysAllow" },
    tlsCertFile: join(config, "kubelet.crt"),
    tlsPrivateKeyFile: join(config, "kubelet.key"),
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    clusterDomain: network.domain,
    clusterDNS: [network.node],
    resolvConf: join(config, "resolv.conf"),
    podLogsDir: join(data, "pod-logs"),
    volumePluginDir: join(data, "volume-plugins"),
    // The node takes whatever machine it finds: any cgroup version, swap on, no limits of its own on the machine's memory or disk.
    failCgroupV1: false,
    failSwapOn: false,
    cgroupDriver: "cgroupfs",
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    localStorageCapacityIsolation: false,
    evictionHard: { "memory.available": "0%", "nodefs.available": "0%", "nodefs.inodesFree": "0%", "imagefs.available": "0%" },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    // namespaces.ts shows it the values it wants; it must never write the machine's.
    protectKernelDefaults: true,
    makeIPTablesUtilChains: false,
    oomScoreAdj: 0,
    maxPods: 500,
    serializeImagePulls: false,
    registryPullQPS: 0,
    eventRecordQPS: 0,
    kubeAPIQPS: 1000,
    kubeAPIBurst: 2000,
    syncFrequency: "10s",
    shutdownGracePeriod: "0s",
  };
}

/** https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/ */
function kubeProxyConfiguration() {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: join(config, "kube-proxy.kubeconfig"), qps: 1000, burst: 2000 },
    mode: "iptables",
    clusterCIDR: network.pods,
    hostnameOverride: nodeName,
    bindAddress: "0.0.0.0",
    healthzBindAddress: "127.0.0.1:10256",
    metricsBindAddress: "127.0.0.1:10249",
    oomScoreAdj: 0,
    // Every change of endpoints at once: zero would mean the default, which waits until a second after the change before.
    iptables: { minSyncPeriod: "5ms", syncPeriod: "30s" },
    // The table's size belongs to the whole machine.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}

function containerdConfiguration({ snapshotter, cniPlugins }: { snapshotter: string; cniPlugins: string }): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "${join(data, "containerd")}"
state = "/run/containerd"
temp = "/run/tmp"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]

[grpc]
address = "${containerdSocket}"

[plugins."io.containerd.internal.v1.opt"]
path = "${join(data, "opt")}"

[${cri}]
sandbox_image = "${pauseImage}"
# Some kernels refuse negative scores, and then no sandbox could start.
restrict_oom_score_adj = true

[${cri}.cni]
bin_dir = "${cniPlugins}"
conf_dir = "${join(config, "cni")}"

[${cri}.containerd]
snapshotter = "${snapshotter}"
default_runtime_name = "runc"

[${cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
`;
}

/** Pods hang on point-to-point links, so that all their traffic is routed and service addresses work without bridge filtering. */
function cniConfiguration() {
  return {
    cniVersion: "0.4.0",
    name: "pods",
    plugins: [
      {
        type: "ptp",
        ipMasq: false,
        ipam: { type: "host-local", dataDir: "/run/cni", ranges: [[{ subnet: network.pods }]], routes: [{ dst: "0.0.0.0/0" }] },
      },
    ],
  };
}

/** No forwarder and no cache: what the cluster does not know does not exist, and what it knows is in CoreDNS's memory. */
function corefile(): string {
  return `. {
  bind ${network.node}
  errors
  kubernetes ${network.domain} in-addr.arpa ip6.arpa {
    kubeconfig ${join(config, "coredns.kubeconfig")}
    ttl 1
  }
}
`;
}
