import type { V1Pod } from "@kubernetes/client-node";
import type { KubeClient } from "../client.ts";
import { redact } from "../redact.ts";

const LINES = 5;
const LONGEST_LINE = 300;

/** Last log lines of crashed containers, each fetched once a crash. */
export class CrashLogs {
  readonly #client: KubeClient;
  readonly #arrived: () => void;
  readonly #logs = new Map<string, string[] | undefined>();
  readonly #pending = new Set<Promise<void>>();

  /** @param arrived called when lines that were asked for are there */
  constructor(client: KubeClient, arrived: () => void) {
    this.#client = client;
    this.#arrived = arrived;
  }

  of(pod: V1Pod, container: string, previous: boolean): string[] | undefined {
    const restarts = pod.status?.containerStatuses?.find((status) => status.name === container)?.restartCount ?? 0;
    const key = `${pod.metadata?.uid} ${container} ${restarts} ${previous}`;
    if (!this.#logs.has(key)) {
      this.#logs.set(key, undefined);
      const fetching = this.#fetch(pod, container, previous).then((lines) => {
        this.#logs.set(key, lines);
        this.#pending.delete(fetching);
        this.#arrived();
      });
      this.#pending.add(fetching);
    }
    return this.#logs.get(key);
  }

  /** Waits until everything asked for has arrived. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #fetch(pod: V1Pod, container: string, previous: boolean): Promise<string[]> {
    const path = `/api/v1/namespaces/${pod.metadata?.namespace}/pods/${pod.metadata?.name}/log`;
    const query = { container, tailLines: String(LINES), previous: String(previous) };
    // Logs explain a failure; that there are none must not become another.
    const text = await this.#client.request<string>({ method: "GET", path, query, signal: AbortSignal.timeout(3000) }).then(
      ({ body }) => String(body),
      () => "",
    );
    // A secret that is cut in two would not be recognized any more.
    return redact(text)
      .split("\n")
      .map((line) => line.trim().slice(0, LONGEST_LINE))
      .filter((line) => line !== "");
  }
}
