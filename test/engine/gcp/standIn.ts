import * as grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import protocol from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { answered } from "../../unit/gcp/answers.ts";

/** A stand-in for a cloud's provider: it makes nothing, answers what the cloud would, and remembers what it was asked for. */
export interface StandIn {
  port: number;
  /** `create gcp:secretmanager/secret:Secret mindmend-gcp-openai-apiKey`, in order. */
  operations: string[];
  /** Refuses these operations. */
  refuses: RegExp | undefined;
  stop(): void;
}

type Asked = { getUrn(): string };
type Call<Request, Response> = (request: Request) => Response;

const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";
const same = (a: Struct | undefined, b: Struct | undefined): boolean =>
  JSON.stringify(a?.toJavaScript()) === JSON.stringify(b?.toJavaScript());

export function newStandIn(): Promise<StandIn> {
  const standIn: StandIn = { port: 0, operations: [], refuses: undefined, stop: () => server.forceShutdown() };
  const server = new grpc.Server();

  function note(operation: string, request: Asked): void {
    const told = `${operation} ${typeOf(request.getUrn())} ${nameOf(request.getUrn())}`;
    if (standIn.refuses?.test(told)) throw Object.assign(new Error(`refused: ${told}`), { code: grpc.status.UNKNOWN });
    standIn.operations.push(told);
  }

  function stateOf(request: Asked, inputs: Struct | undefined): { id: string; properties: Struct } {
    const { id, ...state } = answered(typeOf(request.getUrn()), nameOf(request.getUrn()), inputs?.toJavaScript() ?? {});
    return { id: id ?? nameOf(request.getUrn()), properties: Struct.fromJavaScript(state) };
  }

  server.addService(protocol.ResourceProviderService, {
    attach: unary(() => new empty.Empty()),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion("0.0.0")),
    checkConfig: unary((request: proto.CheckRequest) => new proto.CheckResponse().setInputs(request.getNews())),
    diffConfig: unary(() => new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(() => new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),
    check: unary((request: proto.CheckRequest) => new proto.CheckResponse().setInputs(request.getNews())),
    diff: unary((request: proto.DiffRequest) => {
      const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
      return new proto.DiffResponse().setChanges(same(request.getOldInputs(), request.getNews()) ? DIFF_NONE : DIFF_SOME);
    }),
    create: unary((request: proto.CreateRequest) => {
      note("create", request);
      const { id, properties } = stateOf(request, request.getProperties());
      return new proto.CreateResponse().setId(id).setProperties(properties);
    }),
    read: unary((request: proto.ReadRequest) => {
      note("read", request);
      return new proto.ReadResponse().setId(request.getId()).setProperties(Struct.fromJavaScript({}));
    }),
    update: unary((request: proto.UpdateRequest) => {
      note("update", request);
      return new proto.UpdateResponse().setProperties(stateOf(request, request.getNews()).properties);
    }),
    delete: unary((request: proto.DeleteRequest) => {
      note("delete", request);
      return new empty.Empty();
    }),
    cancel: unary(() => new empty.Empty()),
  } as grpc.UntypedServiceImplementation);

  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(Object.assign(standIn, { port }));
    });
  });
}

function unary<Request, Response>(call: Call<Request, Response>): grpc.handleUnaryCall<Request, Response> {
  return ({ request }, answer) => {
    try {
      answer(null, call(request));
    } catch (error) {
      answer(error as grpc.ServiceError);
    }
  };
}
