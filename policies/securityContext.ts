import type { Field } from "./field.ts";
import { containersOf, podsOf } from "./pods.ts";
import { type Expectation, mustBe, mustNotBeSet, remove, resourceRule, set } from "./resourceRule.ts";

export const securityContext = resourceRule({
  name: "security-context",
  description:
    "Pods are confined: no root, no write to their own image, no privilege, nothing of their node, and no token without a purpose.",
  why: "Pod Security Standards, level restricted: what a rollback restores in a hurry must be no way in",
  severity: "high",
  *expectations(resource) {
    for (const pod of podsOf(resource)) {
      yield* ofPod(pod);
      for (const container of containersOf(pod)) yield* ofContainer(container, pod);
    }
  },
});

function* ofPod(pod: Field): Generator<Expectation> {
  for (const shared of ["hostNetwork", "hostPID", "hostIPC"]) yield mustNotBeSet(pod.at(shared));
  const token = pod.at("automountServiceAccountToken");
  yield {
    field: token,
    holds: (value) => value === false || !["", "default"].includes(pod.at("serviceAccountName").value ?? ""),
    expected: "false, or a service account of its own (serviceAccountName) that needs the token",
    mend: () => set(token, false),
  };
  for (const volume of pod.at("volumes").items()) {
    const path = volume.at("hostPath");
    yield {
      field: path,
      holds: (value) => value === undefined,
      expected: "a volume that is no part of the node",
      mend: () => set(volume, { name: volume.at("name").value, emptyDir: {} }),
    };
  }
}

function* ofContainer(container: Field, pod: Field): Generator<Expectation> {
  const own = container.at("securityContext");
  /** What a container does not say, its pod says for it. */
  const inherited = (key: string): unknown => own.at(key).value ?? pod.at("securityContext", key).value;
  const nonRoot = own.at("runAsNonRoot");
  yield {
    field: nonRoot,
    holds: () => inherited("runAsNonRoot") === true,
    expected: "true, here or for the whole pod",
    mend: () => set(nonRoot, true),
  };
  const user = own.at("runAsUser");
  yield {
    field: user,
    holds: () => inherited("runAsUser") !== 0,
    found: () => "is 0, which is root",
    expected: "another user",
    mend: () => set(user, 65532),
  };
  yield mustBe(own.at("readOnlyRootFilesystem"), true);
  yield mustBe(own.at("allowPrivilegeEscalation"), false);
  yield mustNotBeSet(own.at("privileged"));
  const dropped = own.at("capabilities", "drop");
  yield {
    field: dropped,
    holds: () => dropped.items().some(({ value }) => value === "ALL"),
    expected: '["ALL"]',
    mend: () => set(dropped, ["ALL"]),
  };
  const added = own.at("capabilities", "add");
  yield {
    field: added,
    holds: () => added.items().every(({ value }) => value === "NET_BIND_SERVICE"),
    expected: "none but NET_BIND_SERVICE",
    mend: () => remove(added),
  };
  for (const port of container.at("ports").items()) yield mustNotBeSet(port.at("hostPort"));
}
