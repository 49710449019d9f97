import type { Probe } from "../components/plan/plan.ts";
import type { Finding, ProbeContext } from "./context.ts";
import { isEnding, isOver, isPresent, isReady } from "./podState.ts";

export async function lookAtImages(probe: Probe & { type: "image" }, { kube, container, leverValue }: ProbeContext): Promise<Finding> {
  const wanted = await leverValue(probe.lever);
  const pods = (await kube.pods(probe.selector)).filter(isPresent);
  const images = pods.map((pod) => pod.spec?.containers.find(({ name }) => name === container)?.image ?? "none");
  const others = [...new Set(images.filter((image) => image !== wanted))];
  const found = images.length === 0 ? "no such pod" : others.length === 0 ? `so in all ${images.length}` : others.join(", ");
  return { expected: `every pod of ${probe.selector} runs ${wanted}`, found, passed: images.length > 0 && others.length === 0 };
}

export async function lookAtPods(probe: Probe & { type: "pods" }, { kube }: ProbeContext): Promise<Finding> {
  const pods = (await kube.pods(probe.selector)).filter((pod) => !isOver(pod));
  const ready = pods.filter(isReady).length;
  const expected = probe.count === 0 ? "no pod" : `${probe.count} ready`;
  const ending = pods.filter(isEnding).length;
  const found = `${ready} ready of ${pods.length}${ending > 0 ? ` (${ending} ending)` : ""}`;
  return { expected, found, passed: probe.count === 0 ? pods.length === 0 : ready === probe.count };
}
