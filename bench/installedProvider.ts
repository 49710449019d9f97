/** The Kubernetes provider as it is installed, called as the engine calls it. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import protocol from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { pulumiEnvironment } from "../tools/environment.ts";
import { pulumiHome } from "../tools/paths.ts";
import { versions } from "../tools/versions.ts";

type Callback<T> = (error: grpc.ServiceError | null, response: T) => void;
type Inputs = Record<string, structs.JavaScriptValue>;

export class InstalledProvider {
  /** Seconds from the start of its process to its first answer. */
  readonly firstAnswer: number;
  readonly #process: ChildProcess;
  readonly #client: InstanceType<typeof protocol.ResourceProviderClient>;

  private constructor(process: ChildProcess, client: InstanceType<typeof protocol.ResourceProviderClient>, firstAnswer: number) {
    this.#process = process;
    this.#client = client;
    this.firstAnswer = firstAnswer;
  }

  static async start(kubeconfig: string): Promise<InstalledProvider> {
    const command = join(pulumiHome, "plugins", `resource-kubernetes-v${versions.kubernetesProvider}`, "pulumi-resource-kubernetes");
    const began = performance.now();
    const child = spawn(command, [], { env: pulumiEnvironment(), stdio: ["pipe", "pipe", "inherit"] });
    const [port] = await once(createInterface({ input: child.stdout }), "line");
    const client = new protocol.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    await answer<unknown>((done) => client.getPluginInfo(new empty.Empty(), done));
    const firstAnswer = (performance.now() - began) / 1000;
    const args = structs.Struct.fromJavaScript({ kubeconfig });
    await answer((done) => client.configure(new proto.ConfigureRequest().setArgs(args).setAcceptsecrets(true), done));
    return new InstalledProvider(child, client, firstAnswer);
  }

  /** What the engine does for a new resource: check, then create. */
  async create(type: string, name: string, inputs: Inputs): Promise<void> {
    const urn = `urn:pulumi:bench::bench::${type}::${name}`;
    const news = structs.Struct.fromJavaScript(inputs);
    const checked = await answer<proto.CheckResponse>((done) =>
      this.#client.check(new proto.CheckRequest().setUrn(urn).setNews(news), done),
    );
    const request = new proto.CreateRequest().setUrn(urn).setProperties(checked.getInputs());
    await answer((done) => this.#client.create(request, done));
  }

  stop(): void {
    this.#client.close();
    this.#process.kill("SIGINT");
  }
}

function answer<T>(call: (done: Callback<T>) => unknown): Promise<T> {
  return new Promise((resolve, reject) => call((error, response) => (error ? reject(error) : resolve(response))));
}
