import type { KubeClient } from "./client.ts";
import type { MutableKinds } from "./immutable.ts";
import type { Reporter } from "./report.ts";

/** What a configured provider works with. */
export interface Runtime {
  /** The id of the provider in the stack's state, no other stack's; undefined in the preview that comes before it has one. */
  identity: string | undefined;
  client: KubeClient;
  reporter: Reporter;
  /** Aborts when the engine cancels. */
  cancelled: AbortSignal;
  /** For objects that name no namespace. */
  namespace: string;
  mutable: MutableKinds;
  /** Whether objects of a cluster that is gone may leave the state. */
  deleteUnreachable: boolean;
  /** Whether objects of a cluster that cannot be reached are left as state has them. */
  skipUpdateUnreachable: boolean;
  program: Program;
}

/**
 * What the names of a resource are derived from: equal at every attempt to create it, different for its replacement.
 * @param old name of the object in state, if there is one
 */
export function seedOf({ identity }: Pick<Runtime, "identity">, urn: string, old = ""): Uint8Array | undefined {
  return identity ? Buffer.from([identity, urn, old].join("\n")) : undefined;
}

/** What the program declared so far in this run, so that a missing namespace or kind can be waited for or previewed. */
export class Program {
  readonly #namespaces = new Set<string>();
  readonly #kinds = new Map<string, boolean>();
  readonly #names = new Map<string, string>();

  /** A replacement is checked a second time, then without its old state. */
  rememberName(urn: string, name: string): void {
    this.#names.set(urn, name);
  }

  nameInState(urn: string): string | undefined {
    return this.#names.get(urn);
  }

  /** Resources whose object goes before its replacement comes, so that nothing of the old one is in the way. */
  readonly deletedFirst = new Set<string>();

  declareNamespace(name: string): void {
    this.#namespaces.add(name);
  }

  declareKind(group: string, kind: string, namespaced: boolean): void {
    this.#kinds.set(`${group}/${kind}`, namespaced);
  }

  hasNamespace(name: string): boolean {
    return this.#namespaces.has(name);
  }

  /** Whether a kind the program defines lives in namespaces; undefined where the program does not define it. */
  namespaced(group: string, kind: string): boolean | undefined {
    return this.#kinds.get(`${group}/${kind}`);
  }
}
