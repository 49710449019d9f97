import type { Readable } from "node:stream";
import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import {
  AnalyzerHandshakeResponse,
  AnalyzerStackConfigureRequest,
  AnalyzerStackConfigureResponse,
} from "@pulumi/pulumi/proto/analyzer_pb.js";

const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** Stands between the engine and a policy pack, from before the pack starts: forwards every call once the pack listens. */
export class PolicyProxy {
  readonly port: number;
  /** The environment that tells the pack about its stack; empty when the engine never configures it (`pulumi policy publish`). */
  readonly configuration: Promise<NodeJS.ProcessEnv>;
  readonly #server: Server;
  readonly #pack: PromiseWithResolvers<Client>;

  private constructor(
    server: Server,
    port: number,
    pack: PromiseWithResolvers<Client>,
    configuration: PromiseWithResolvers<NodeJS.ProcessEnv>,
  ) {
    this.#server = server;
    this.port = port;
    this.#pack = pack;
    this.configuration = configuration.promise;
  }

  static async listen(): Promise<PolicyProxy> {
    const pack = Promise.withResolvers<Client>();
    pack.promise.catch(() => {});
    const configuration = Promise.withResolvers<NodeJS.ProcessEnv>();
    const server = new Server(unlimited);
    server.addService(passThrough(AnalyzerService), handlers(pack, configuration));
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
    });
    return new PolicyProxy(server, port, pack, configuration);
  }

  /** Reads the pack's port from the first line of its output and connects to it; later output goes to `forward`. */
  attach(output: Readable, forward: (data: Buffer) => void): void {
    let head = Buffer.alloc(0);
    let attached = false;
    output.on("data", (data: Buffer) => {
      if (attached) return forward(data);
      head = Buffer.concat([head, data]);
      const end = head.indexOf("\n");
      if (end < 0) return;
      attached = true;
      const port = Number.parseInt(head.subarray(0, end).toString(), 10);
      if (!Number.isInteger(port)) {
        this.#pack.reject(new Error(`expected the policy pack's port in its first line, got: ${head.subarray(0, end)}`));
        return;
      }
      this.#pack.resolve(new Client(`127.0.0.1:${port}`, credentials.createInsecure(), unlimited));
      if (head.length > end + 1) forward(head.subarray(end + 1));
    });
    output.on("close", () => this.#pack.reject(new Error("the policy pack ended before it could be called")));
  }

  close(): void {
    this.#pack.reject(new Error("the policy pack was stopped"));
    this.#server.forceShutdown();
  }
}

function handlers(
  pack: PromiseWithResolvers<Client>,
  configuration: PromiseWithResolvers<NodeJS.ProcessEnv>,
): UntypedServiceImplementation {
  const forwarding = Object.entries(AnalyzerService).map(([name, { path }]) => [
    name,
    async (call: { request: Buffer }, callback: sendUnaryData<Buffer>) => {
      configuration.resolve({});
      await forward(pack.promise, path, call.request, callback);
    },
  ]);
  return {
    ...Object.fromEntries(forwarding),
    handshake(_call: unknown, callback: sendUnaryData<Buffer>) {
      callback(null, Buffer.from(new AnalyzerHandshakeResponse().serializeBinary()));
    },
    configureStack(call: { request: Buffer }, callback: sendUnaryData<Buffer>) {
      configuration.resolve(stackEnvironment(AnalyzerStackConfigureRequest.deserializeBinary(call.request)));
      // The pack keeps the stack's tags from this call; answered at once, because the engine must not wait for the pack's start.
      forward(pack.promise, AnalyzerService.configureStack.path, call.request, () => {});
      callback(null, Buffer.from(new AnalyzerStackConfigureResponse().serializeBinary()));
    },
  };
}

async function forward(pack: Promise<Client>, path: string, request: Buffer, callback: sendUnaryData<Buffer>): Promise<void> {
  try {
    const client = await pack;
    const same = (data: Buffer): Buffer => data;
    client.makeUnaryRequest(path, same, same, request, new Metadata(), (error, answer) => callback(error, answer));
  } catch (error) {
    callback({ code: status.UNAVAILABLE, details: (error as Error).message });
  }
}

/** Requests and answers stay bytes. */
function passThrough(service: ServiceDefinition): ServiceDefinition {
  const same = (data: Buffer): Buffer => data;
  const codec = { requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same };
  return Object.fromEntries(Object.entries(service).map(([name, method]) => [name, { ...method, ...codec }]));
}

function stackEnvironment(request: AnalyzerStackConfigureRequest): NodeJS.ProcessEnv {
  const values = {
    ORGANIZATION: request.getOrganization(),
    PROJECT: request.getProject(),
    STACK: request.getStack(),
    DRY_RUN: String(request.getDryRun()),
  };
  const named = Object.entries(values).filter(([, value]) => value !== "");
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigSecretKeysList()),
    ...Object.fromEntries(named.flatMap(([name, value]) => [`PULUMI_NODEJS_${name}`, `PULUMI_${name}`].map((key) => [key, value]))),
  };
}
