import { setMaxListeners } from "node:events";
import { apply, objectOf } from "./apply.ts";
import { type CheckRequest, check } from "./check.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { KubeClient } from "./client.ts";
import { connect } from "./connection.ts";
import { type CreateRequest, create } from "./create.ts";
import { type Change, type Difference, difference, keepsItsName } from "./diff.ts";
import { ApiError, Cancelled, InputError } from "./errors.ts";
import type { MutableKinds } from "./immutable.ts";
import { typeOf } from "./kinds.ts";
import { isOn, type Options } from "./options.ts";
import { isPatch } from "./patch.ts";
import { formatPath, overlaps, parsePath, type Step } from "./paths.ts";
import { type ReadRequest, type ReadResult, read } from "./read.ts";
import { remember } from "./redact.ts";
import { type RemoveRequest, remove } from "./remove.ts";
import type { Renderer } from "./render.ts";
import type { Reporter } from "./report.ts";
import { Program, type Runtime } from "./runtime.ts";
import { asLeft, isLeftAlone } from "./unreachable.ts";
import { replaceUnready } from "./unready.ts";
import { type UpdateRequest, update } from "./update.ts";
import { hasUnknown, type Props, plain, secretStrings } from "./values.ts";

export interface DiffRequest {
  urn: string;
  state: Props;
  inputs: Props;
  ignoreChanges: string[];
}

/** The provider's life: configured once, then asked about resources until it is cancelled or closed. */
export class KubernetesProvider {
  #cancel = new AbortController();
  #reporter: Reporter;
  #runtime: Promise<Runtime> | undefined;
  #renderer: Renderer | undefined;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  set reporter(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /**
   * @param identity the provider's id in the stack's state
   * @throws InputError where the options name no usable cluster
   */
  async configure(options: Options, identity?: string): Promise<void> {
    const mutable = {
      configMap: isOn(options.enableConfigMapMutable, "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
      secret: isOn(options.enableSecretMutable, "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
    };
    this.#renderer = undefined;
    if (options.renderYamlToDirectory) {
      const { Renderer } = await import("./render.ts");
      this.#renderer = new Renderer(options.renderYamlToDirectory, options.namespace || "default", mutable, this.#reporter);
      return;
    }
    this.#runtime = this.#open(options, mutable, identity);
    await this.#runtime;
  }

  async #open(options: Options, mutable: MutableKinds, identity: string | undefined): Promise<Runtime> {
    // An engine that attaches to a running provider cancels it at the end of each run, and configures it again for the next.
    this.#cancel = new AbortController();
    // Every operation under way listens for the cancellation.
    setMaxListeners(0, this.#cancel.signal);
    const client = new KubeClient(await connect(options), this.#cancel.signal);
    client.greet();
    return {
      identity,
      client,
      reporter: this.#reporter,
      cancelled: this.#cancel.signal,
      namespace: options.namespace || client.connection.namespace,
      mutable,
      deleteUnreachable: isOn(options.deleteUnreachable, "PULUMI_K8S_DELETE_UNREACHABLE"),
      skipUpdateUnreachable: isOn(options.skipUpdateUnreachable, "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"),
      program: new Program(),
    };
  }

  async #configured(): Promise<Runtime> {
    if (!this.#runtime) throw new InputError("the provider was not configured");
    return this.#runtime;
  }

  async check(request: CheckRequest): Promise<Props> {
    if (this.#renderer) return this.#renderer.check(request);
    const runtime = await this.#configured();
    return (await asLeft(runtime, request.urn, request.olds)) ?? check(runtime, request);
  }

  async diff(request: DiffRequest): Promise<Difference> {
    if (this.#renderer) return this.#renderer.diff(request);
    const runtime = await this.#configured();
    remember([...secretStrings(request.inputs), ...secretStrings(request.state)]);
    // A preview that finds nothing to do would else not notice that the cluster is gone.
    if (!(await isLeftAlone(runtime))) await runtime.client.greet();
    const { inputs: oldInputs, live, fieldManager } = readCheckpoint(request.state);
    const found = await difference({
      oldInputs,
      newInputs: request.inputs,
      live,
      fieldManager,
      ignore: request.ignoreChanges,
      mutable: runtime.mutable,
      patches: isPatch(typeOf(request.urn), plain(request.inputs).kind),
      refused: (changes) => refusedPaths(runtime, request.inputs, fieldManager, changes),
    });
    const unready = await replaceUnready(runtime, request.urn, plain(request.inputs), live);
    if (unready) {
      found.changes.push(unready);
      found.deleteBeforeReplace = keepsItsName(plain(request.inputs), live);
    }
    if (found.deleteBeforeReplace) {
      runtime.program.deletedFirst.add(request.urn);
      const why = found.changes.filter(({ replaces }) => replaces).map(({ path }) => formatPath(path));
      runtime.reporter.status(request.urn, `${why.join(", ")} cannot change in place; the old object goes first, since both have one name`);
    }
    return found;
  }

  async create(request: CreateRequest): Promise<{ id: string; properties: Props }> {
    if (this.#renderer) return this.#renderer.create(request);
    return create(await this.#working(), request);
  }

  async update(request: UpdateRequest): Promise<Props> {
    if (this.#renderer) return this.#renderer.update(request);
    return update(await this.#working(), request);
  }

  async read(request: ReadRequest): Promise<ReadResult | undefined> {
    if (this.#renderer) return this.#renderer.read(request);
    return read(await this.#configured(), request);
  }

  async remove(request: RemoveRequest): Promise<void> {
    if (this.#renderer) return this.#renderer.remove(request);
    return remove(await this.#working(), request);
  }

  /** Ends every wait; objects that the server has taken stay in state. */
  cancel(): void {
    this.#cancel.abort(new Cancelled("waiting to try again"));
  }

  /** Nothing is begun any more once the engine has cancelled, nor before the server is known to be there: only then is a lost connection an outage. */
  async #working(): Promise<Runtime> {
    const runtime = await this.#configured();
    // Whether it may go on without the server, the operation knows.
    await runtime.client.greet().catch(() => {});
    if (this.#cancel.signal.aborted) throw new Cancelled("starting an operation");
    return runtime;
  }
}

/** Which of the changed fields the server refuses to change in place, found out by a dry run. */
async function refusedPaths(runtime: Runtime, inputs: Props, fieldManager: string, changes: Change[]): Promise<Step[][]> {
  if (hasUnknown(inputs)) return [];
  try {
    const object = objectOf(inputs);
    const kind = await runtime.client.kind(object.apiVersion, object.kind);
    // Who owns a field is another question.
    await apply(runtime, kind, object, { fieldManager, force: true, dryRun: true });
    return [];
  } catch (error) {
    // Any other refusal is told by the update itself.
    if (!(error instanceof ApiError) || !error.immutable) return [];
    const named = error.causes.map((cause) => parsePath(cause.field ?? "")).filter((path) => path.length > 0);
    const matched = named.filter((path) => changes.some((change) => overlaps(change.path, path)));
    return matched.length > 0 ? matched : changes.map(({ path }) => path);
  }
}
