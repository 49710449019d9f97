import { stringify } from "yaml";

const now = "{{ Now | Quote }}";

/**
 * What kwok does to nodes and pods, as Stages (https://kwok.sigs.k8s.io/docs/user/stages-configuration/): a node is Ready and
 * reports every 20 s, a pod runs and is Ready at once, a Job's pod then succeeds, a deleted pod goes at once.
 */
export function kwokConfiguration(): string {
  return [nodeReady(), nodeHeartbeat(), podReady(), podComplete(), podDelete()].map((stage) => stringify(stage)).join("---\n");
}

type Expression = { key: string; operator: "Exists" | "DoesNotExist" | "In" | "NotIn"; values?: string[] };

const conditionReady = '.status.conditions.[] | select( .type == "Ready" ) | .status';
const notDeleted: Expression = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };

function stage(name: string, kind: "Node" | "Pod", matchExpressions: Expression[], spec: object) {
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: { resourceRef: { apiGroup: "v1", kind }, selector: { matchExpressions }, ...spec },
  };
}

const nodeConditions = `conditions:
{{ range NodeConditions }}
- lastHeartbeatTime: ${now}
  lastTransitionTime: ${now}
  message: {{ .message | Quote }}
  reason: {{ .reason | Quote }}
  status: {{ .status | Quote }}
  type: {{ .type | Quote }}
{{ end }}
`;

function nodeReady() {
  const room = "{ cpu: 1k, memory: 1Ti, pods: 1M }";
  const statusTemplate = `${nodeConditions}addresses:
- { type: InternalIP, address: {{ NodeIP | Quote }} }
allocatable: ${room}
capacity: ${room}
nodeInfo:
  architecture: amd64
  operatingSystem: linux
  kubeletVersion: {{ printf "kwok-%s" Version | Quote }}
  kubeProxyVersion: ""
  containerRuntimeVersion: ""
  kernelVersion: ""
  osImage: simulated
  bootID: ""
  machineID: ""
  systemUUID: ""
`;
  return stage("node-ready", "Node", [{ key: conditionReady, operator: "NotIn", values: ["True"] }], { next: { statusTemplate } });
}

function nodeHeartbeat() {
  return stage("node-heartbeat", "Node", [{ key: conditionReady, operator: "In", values: ["True"] }], {
    delay: { durationMilliseconds: 20_000, jitterDurationMilliseconds: 25_000 },
    next: { statusTemplate: nodeConditions },
    immediateNextStage: true,
  });
}

function podReady() {
  const statusTemplate = `conditions:
{{ range $type := list "Initialized" "ContainersReady" "Ready" }}
- { type: {{ $type | Quote }}, status: "True", lastTransitionTime: ${now} }
{{ end }}
{{ range .spec.readinessGates }}
- { type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: ${now} }
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: true
  started: true
  restartCount: 0
  state: { running: { startedAt: ${now} } }
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: true
  restartCount: 0
  {{ if eq (or .restartPolicy "") "Always" }}
  started: true
  state: { running: { startedAt: ${now} } }
  {{ else }}
  state: { terminated: { exitCode: 0, reason: Completed, startedAt: ${now}, finishedAt: ${now} } }
  {{ end }}
{{ end }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
phase: Running
startTime: ${now}
`;
  return stage(
    "pod-ready",
    "Pod",
    [
      notDeleted,
      { key: ".status.phase", operator: "In", values: ["Pending"] },
      { key: conditionReady, operator: "NotIn", values: ["True"] },
    ],
    { next: { statusTemplate } },
  );
}

function podComplete() {
  const statusTemplate = `containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: false
  started: false
  restartCount: 0
  state: { terminated: { exitCode: 0, reason: Completed, startedAt: ${now}, finishedAt: ${now} } }
{{ end }}
phase: Succeeded
`;
  return stage(
    "pod-complete",
    "Pod",
    [
      notDeleted,
      { key: ".status.phase", operator: "In", values: ["Running"] },
      { key: ".metadata.ownerReferences.[].kind", operator: "In", values: ["Job"] },
    ],
    { next: { statusTemplate } },
  );
}

function podDelete() {
  return stage("pod-delete", "Pod", [{ key: ".metadata.deletionTimestamp", operator: "Exists" }], { next: { delete: true } });
}
