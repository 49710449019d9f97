import type { V1Pod } from "@kubernetes/client-node";
import type { ReleaseRecord } from "../../components/releaseRecord.ts";
import type { Live } from "../cluster/live.ts";

/** What a trouble is recognised by. */
export interface Seen {
  /** Value of the pods' `app` label. */
  app: string;
  live: Live;
  record: ReleaseRecord | undefined;
  now: number;
  /** `kubectl` with what leads to the stack's namespace. */
  kubectl: string;
}

export interface Found {
  /** What the cluster shows. */
  what: string;
  /** What mends it, as typed. */
  mend: string;
}

/** Something that people run into during a rollback, known by the cluster's own signals. Rows M12 of the teams' documents. */
export interface Trouble {
  name: string;
  look(seen: Seen): Found[];
}

export const podName = (pod: V1Pod): string => pod.metadata?.name ?? "";

/** Those of the app itself, its verification's and workers' included. */
export const podsOf = ({ app, live }: Seen): V1Pod[] => live.pods.filter(({ metadata }) => (metadata?.labels?.app ?? "").startsWith(app));
