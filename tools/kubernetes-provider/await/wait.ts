import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import type { KubeClient } from "../client.ts";
import { ApiError, Cancelled } from "../errors.ts";
import { collectionPath, type KindInfo } from "../kinds.ts";
import { describe, type KubeObject } from "../objects.ts";
import type { Reporter } from "../report.ts";
import { follow } from "../watch.ts";
import type { Awaiter, Verdict, View } from "./awaiter.ts";
import { CrashLogs } from "./logs.ts";

export interface WaitRequest {
  client: KubeClient;
  reporter: Reporter;
  urn: string;
  kind: KindInfo;
  /** As the server answered the change. */
  object: KubeObject;
  timeoutSeconds: number;
  cancelled: AbortSignal;
}

/** An object that did not become ready, and why. */
export class NeverReady extends Error {
  readonly object: KubeObject;
  constructor(message: string, object: KubeObject) {
    super(message);
    this.object = object;
  }
}

/**
 * Watches an object until it is ready, and returns it as it is then.
 * @throws NeverReady when it cannot become ready any more, is deleted, or the time is up
 */
export async function waitUntilReady(awaiter: Awaiter, request: WaitRequest): Promise<KubeObject> {
  if (assessOnce(awaiter, request.object).state === "ready") return request.object;
  return new Wait(awaiter, request).run();
}

/** What one look at the object says, without waiting. */
export function assessOnce(awaiter: Awaiter, object: KubeObject): Verdict {
  return awaiter.assess(newView(object));
}

function newView(object: KubeObject): View {
  return { object, related: {}, listed: new Set(), denied: new Set(), pods: [], events: [], logs: () => undefined, elapsedMs: 0 };
}

class Wait {
  readonly #awaiter: Awaiter;
  readonly #request: WaitRequest;
  readonly #view: View;
  readonly #logs: CrashLogs;
  readonly #stop = new AbortController();
  readonly #since = Date.now();
  #hidden: string[] = [];
  #recheck: NodeJS.Timeout | undefined;
  #resolve: (object: KubeObject) => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(awaiter: Awaiter, request: WaitRequest) {
    this.#awaiter = awaiter;
    this.#request = request;
    this.#logs = new CrashLogs(request.client, () => this.#look());
    this.#view = { ...newView(request.object), logs: (pod, container, previous) => this.#logs.of(pod, container, previous) };
  }

  async run(): Promise<KubeObject> {
    const { cancelled, timeoutSeconds } = this.#request;
    const timer = setTimeout(() => this.#fail(`was not ready within ${timeoutSeconds} s`), timeoutSeconds * 1000);
    const onCancel = () => this.#reject(new Cancelled(`waiting for ${describe(this.#view.object)} to become ready`));
    cancelled.addEventListener("abort", onCancel, { once: true });
    try {
      return await new Promise<KubeObject>((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
        if (cancelled.aborted) onCancel();
        this.#look();
        this.#followAll();
      });
    } finally {
      clearTimeout(timer);
      clearTimeout(this.#recheck);
      cancelled.removeEventListener("abort", onCancel);
      this.#stop.abort();
    }
  }

  #followAll(): void {
    const { client, kind, object } = this.#request;
    const { signal } = this.#stop;
    const selection = { path: collectionPath(kind, object.metadata.namespace), fieldSelector: `metadata.name=${object.metadata.name}` };
    const from = { resourceVersion: object.metadata.resourceVersion ?? "", known: [object] };
    follow(client, selection, (objects) => this.#objectChanged([...objects.values()][0]), signal, from).catch((error) =>
      this.#reject(error),
    );
    for (const [name, related] of Object.entries(this.#awaiter.related?.(object) ?? {})) {
      follow(client, related, (objects) => this.#relatedChanged(name, [...objects.values()]), signal).catch((error) => {
        if (!(error instanceof ApiError && error.status === 403)) return this.#reject(error);
        // Someone who may change the object but not see its pods only learns less.
        this.#view.denied.add(name);
        this.#hidden = [`what would explain it cannot be seen: ${error.message}`];
        this.#relatedChanged(name, []);
      });
    }
  }

  #objectChanged(object: KubeObject | undefined): void {
    if (!object || object.metadata.uid !== this.#request.object.metadata.uid) {
      this.#reject(new NeverReady(`${describe(this.#view.object)} was deleted while it was awaited`, this.#view.object));
      return;
    }
    this.#view.object = object;
    this.#look();
  }

  #relatedChanged(name: string, objects: KubeObject[]): void {
    this.#view.related[name] = objects;
    this.#view.listed.add(name);
    if (name === "pods") this.#view.pods = objects as unknown as V1Pod[];
    if (name === "events") this.#view.events = objects as unknown as CoreV1Event[];
    this.#look();
  }

  #look(): void {
    if (this.#stop.signal.aborted) return;
    this.#view.elapsedMs = Date.now() - this.#since;
    const verdict = this.#awaiter.assess(this.#view);
    clearTimeout(this.#recheck);
    if (verdict.state === "failed") {
      this.#fail("cannot become ready");
      return;
    }
    if (verdict.state === "waiting") {
      if (verdict.recheckMs !== undefined) this.#recheck = setTimeout(() => this.#look(), Math.max(verdict.recheckMs, 10));
      const { reporter, urn } = this.#request;
      reporter.status(urn, [verdict.progress, ...verdict.causes].join("; "));
      return;
    }
    this.#request.reporter.status(this.#request.urn, "");
    if (verdict.warning) this.#request.reporter.log(this.#request.urn, "warning", `${describe(this.#view.object)}: ${verdict.warning}`);
    this.#resolve(this.#view.object);
  }

  #fail(what: string): void {
    const finish = () => {
      // The lines of a crash may have arrived meanwhile.
      const verdict = this.#awaiter.assess(this.#view);
      const told = verdict.state === "waiting" ? [verdict.progress, ...verdict.causes] : verdict.state === "failed" ? verdict.causes : [];
      const causes = [...told, ...this.#hidden];
      const { object } = this.#view;
      this.#reject(new NeverReady(`${describe(object)} ${what}${causes.length > 0 ? `: ${causes.join("; ")}` : ""}`, object));
    };
    this.#logs.settle().then(finish, finish);
  }
}
