import type { Field } from "./field.ts";
import { containersOf, podsOf } from "./pods.ts";
import { type Expectation, mustBe, resourceRule, set } from "./resourceRule.ts";

/** What Kubernetes gives a pod that says nothing. */
const defaultGraceSeconds = 30;
/** What a pod needs, once it gets no more requests, to answer those it has. */
const marginSeconds = 5;
const sleepSeconds = 5;

export const noGap = resourceRule({
  name: "no-gap",
  description:
    "A Deployment that serves changes without a gap: never fewer pods, ready before requests come, gone after the last is answered.",
  why: "Design rule 3, M2, W1: a rollback drops no request",
  severity: "high",
  *expectations(resource) {
    if (resource.type !== "kubernetes:apps/v1:Deployment") return;
    for (const pod of podsOf(resource)) {
      const serving = containersOf(pod).filter((container) => container.at("ports").items().length > 0);
      if (serving.length > 0) yield* ofStrategy(resource.inputs.at("spec", "strategy"));
      for (const container of serving) yield* ofContainer(container, pod);
    }
  },
});

function* ofStrategy(strategy: Field): Generator<Expectation> {
  const type = strategy.at("type");
  yield { ...mustBe(type, "RollingUpdate"), holds: (value) => value === undefined || value === "RollingUpdate" };
  yield { ...mustBe(strategy.at("rollingUpdate", "maxUnavailable"), 0), holds: isNone };
  const surge = strategy.at("rollingUpdate", "maxSurge");
  yield { field: surge, holds: (value) => !isNone(value), expected: "pods beyond the capacity", mend: () => set(surge, "100%") };
}

const isNone = (amount: unknown): boolean => amount === 0 || amount === "0%";

function* ofContainer(container: Field, pod: Field): Generator<Expectation> {
  const port = container.at("ports", 0, "containerPort");
  const probe = () => ({ tcpSocket: { port: port.value }, periodSeconds: 10 });
  for (const kind of ["readinessProbe", "livenessProbe"]) {
    const field = container.at(kind);
    yield { field, holds: isThere, expected: "a probe", mend: () => set(field, probe()) };
  }
  const preStop = container.at("lifecycle", "preStop");
  yield {
    field: preStop,
    holds: isThere,
    expected: "a pause until no client chooses the pod any more",
    mend: () => set(preStop, { sleep: { seconds: sleepSeconds } }),
  };
  const grace = pod.at("terminationGracePeriodSeconds");
  const least = (): number => pauseSeconds(preStop) + marginSeconds;
  yield {
    field: grace,
    holds: (seconds = defaultGraceSeconds) => seconds >= least(),
    found: (seconds) => (seconds === undefined ? `is not set, which is ${defaultGraceSeconds}` : `is ${seconds}`),
    expected: `the pause of preStop and at least ${marginSeconds} seconds more, for the last requests`,
    mend: () => set(grace, least()),
  };
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

/** How long a pod goes on before it is told to end; where there is no pause yet, as long as the one to be written. */
function pauseSeconds(preStop: Field): number {
  if (!isThere(preStop.value)) return sleepSeconds;
  const slept = preStop.at("sleep", "seconds").value;
  if (typeof slept === "number") return slept;
  const command = preStop
    .at("exec", "command")
    .items()
    .map(({ value }) => value)
    .join(" ");
  return Number(/\bsleep (\d+)/.exec(command)?.[1] ?? 0);
}
