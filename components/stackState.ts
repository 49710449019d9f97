import { isMaintenance, type Motion, providerLabel, releaseLabel, selects, type TrackState, trackLabel } from "./motion.ts";
import type { TrackName } from "./plan/plan.ts";
import { followsLabel, type TaskRun, taskLabel } from "./task.ts";
import { backendService } from "./traffic/httpRoute.ts";
import type { Backend, RouteState } from "./traffic/route.ts";

/** A resource of a stack's state. */
export interface StateResource {
  type: string;
  outputs: Record<string, unknown>;
}

const job = "kubernetes:batch/v1:Job";

interface Pods {
  replicas?: number;
  template?: { metadata?: { labels?: Record<string, string> }; spec?: { containers?: { image: string }[] } };
}

interface Route {
  rules?: { backendRefs?: { name: string; weight: number }[] }[];
}

interface Traffic {
  selector: Motion["selector"];
  route?: RouteState | undefined;
  tracks: (TrackState & { image: string })[];
}

/**
 * A record as it is, unless an update that failed since led the system into maintenance or out of it: then with the selector, the
 * route and the tracks of the stack's state, which knows of failed updates too.
 */
export function sinceFailed<Record extends Traffic>(record: Record, state: readonly StateResource[], app: string): Record {
  const traffic = trafficIn(state, app);
  const crossed = traffic && (serviceOn(traffic) !== serviceOn(record) || routeOn(traffic) !== routeOn(record));
  return crossed ? { ...record, ...traffic } : record;
}

/** The runs of a record's tasks. Where the state has other runs too, of updates that failed since, what the task follows is left out. */
export function tasksSince(tasks: Record<string, TaskRun> = {}, state: readonly StateResource[]): Record<string, TaskRun> {
  const labels = state
    .filter(({ type }) => type === job)
    .map(({ outputs }): Record<string, string> => Object(Object(outputs.metadata).labels));
  const others = (task: string, { follows }: TaskRun): boolean =>
    labels.some((label) => label[taskLabel] === task && label[followsLabel] !== follows);
  return Object.fromEntries(Object.entries(tasks).map(([task, ran]) => [task, others(task, ran) ? { ...ran, follows: undefined } : ran]));
}

/** Whether they send requests to the maintenance page. */
const serviceOn = ({ selector }: Traffic): boolean => isMaintenance(selector);
const routeOn = ({ route }: Traffic): boolean => route?.backends.some(({ to }) => to === "maintenance") ?? false;

/** What the Service, the route and the tracks of an app were told last; nothing where the state has no such Service. */
function trafficIn(state: readonly StateResource[], app: string): Traffic | undefined {
  const specs = (type: string, name?: string): unknown[] =>
    state
      .filter((resource) => resource.type === type && (name === undefined || Object(resource.outputs.metadata).name === name))
      .map(({ outputs }) => outputs.spec);
  const [service] = specs("kubernetes:core/v1:Service", app) as { selector: Motion["selector"] }[];
  if (!service) return undefined;
  const { selector } = service;
  const tracks = (specs("kubernetes:apps/v1:Deployment") as Pods[]).flatMap(({ replicas = 1, template: { metadata, spec } = {} }) => {
    const { app: owner, [trackLabel]: track, [providerLabel]: provider, [releaseLabel]: template } = metadata?.labels ?? {};
    const image = spec?.containers?.[0]?.image;
    if (owner !== app || !track || !provider || !template || !image) return [];
    const state = { track: track as TrackName, provider, template, replicas, serving: false, image };
    return [{ ...state, serving: track !== "fallback" && replicas > 0 && selects(app, selector, state) }];
  });
  const [route] = specs("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", app) as Route[];
  return { selector, tracks, ...(route && { route: routeState(route, app) }) };
}

/**
 * The backends of the first rule, to which every request comes that no pin takes. What was asked for is not in the state: what is done
 * stands for it, and pins count as new.
 */
function routeState({ rules }: Route, app: string): RouteState {
  const known: Backend["to"][] = ["stable", "canary", "fallback", "maintenance"];
  const backends = (rules?.[0]?.backendRefs ?? []).flatMap(({ name, weight }): Backend[] => {
    const to = known.find((track) => backendService(app, track) === name);
    return to ? [{ to, weight }] : [];
  });
  return { wanted: backends, backends, pins: {} };
}
