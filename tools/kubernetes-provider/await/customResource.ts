import type { V1CustomResourceDefinition } from "@kubernetes/client-node";
import type { KubeClient } from "../client.ts";
import { groupOf, type KindInfo } from "../kinds.ts";
import type { KubeObject } from "../objects.ts";
import { type Awaiter, ready, type Verdict } from "./awaiter.ts";
import { conditionsOf, isCurrent, reasonOf, standing, unseen } from "./conditions.ts";

/** What kinds call "done", the first that an object has counts. */
const DONE = ["Ready", "Available"];

/**
 * Done when its `Ready` or `Available` condition is true; a kind that has neither is done at once. `Stalled` and `Reconciling` mean
 * what kstatus says (sigs.k8s.io/cli-utils, which the official provider follows with PULUMI_K8S_AWAIT_ALL).
 * @param promised the condition that the kind's definition says it has, though no controller may have reported it yet
 */
export function customResource(promised?: string): Awaiter {
  return { assess: ({ object }) => assess(object, promised) };
}

function assess(object: KubeObject, promised: string | undefined): Verdict {
  if (!isCurrent(object)) return unseen;
  const conditions = conditionsOf(object);
  const isTrue = (type: string) => conditions.find((condition) => condition.type === type && condition.status === "True");
  const stalled = isTrue("Stalled");
  if (stalled) return { state: "failed", causes: reasonOf(stalled) };
  const reconciling = isTrue("Reconciling");
  if (reconciling) return { state: "waiting", progress: "its controller is at work", causes: reasonOf(reconciling) };
  const done = DONE.find((type) => conditions.some((condition) => condition.type === type)) ?? promised;
  return done ? standing(object, done) : ready;
}

const promises = new WeakMap<KubeClient, Map<string, Promise<string | undefined>>>();

/**
 * The condition that a kind promises to report: the one its definition prints in a column of `kubectl get`. An object that was just
 * made has no conditions yet, and only this tells whether one is to come.
 */
export function promisedCondition(client: KubeClient, kind: KindInfo): Promise<string | undefined> {
  const known = promises.get(client) ?? new Map<string, Promise<string | undefined>>();
  promises.set(client, known);
  const name = `${kind.plural}.${groupOf(kind.apiVersion)}`;
  let promise = known.get(name);
  if (!promise) {
    promise = findPromise(client, kind, name);
    known.set(name, promise);
  }
  return promise;
}

async function findPromise(client: KubeClient, kind: KindInfo, name: string): Promise<string | undefined> {
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${encodeURIComponent(name)}`;
  // Whoever may not see definitions still waits for what an object reports by itself.
  const found = await client.request<V1CustomResourceDefinition>({ method: "GET", path }).catch(() => undefined);
  const version = found?.body.spec?.versions?.find((item) => kind.apiVersion.endsWith(`/${item.name}`));
  const columns = (version?.additionalPrinterColumns ?? []).map(({ jsonPath }) => jsonPath);
  return DONE.find((type) =>
    columns.some((path) => new RegExp(`^\\.status\\.conditions\\[\\?\\(@\\.type\\s*==\\s*["']${type}["']`).test(path)),
  );
}
