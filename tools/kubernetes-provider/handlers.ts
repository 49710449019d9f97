import { type handleUnaryCall, type ServerUnaryCall, type sendUnaryData, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Change } from "./diff.ts";
import { InputError } from "./errors.ts";
import { toStatus } from "./failure.ts";
import { typeOf } from "./kinds.ts";
import type { Autonaming } from "./naming.ts";
import { checkOptions, readOptions } from "./options.ts";
import { formatPath } from "./paths.ts";
import type { KubernetesProvider } from "./provider.ts";
import { configDifference } from "./reconfigure.ts";
import { engineReporter } from "./report.ts";
import { decode, encode } from "./values.ts";

/** The release of the official provider that this one stands in for. */
const VERSION = "4.28.0";

/** The gRPC methods of `pulumirpc.ResourceProvider`, translated to the provider's own. */
export function handlers(provider: KubernetesProvider): UntypedServiceImplementation {
  return {
    handshake: unary((request: proto.ProviderHandshakeRequest) => {
      if (request.getEngineAddress()) provider.reporter = engineReporter(request.getEngineAddress());
      return new proto.ProviderHandshakeResponse().setAcceptSecrets(true).setSupportsAutonamingConfiguration(true);
    }),
    attach: unary((request: plugin.PluginAttach) => {
      provider.reporter = engineReporter(request.getAddress());
      return new empty.Empty();
    }),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(VERSION)),
    getSchema: unary(() => new proto.GetSchemaResponse().setSchema(JSON.stringify({ name: "kubernetes", version: VERSION }))),
    getMapping: unary(() => new proto.GetMappingResponse()),
    getMappings: unary(() => new proto.GetMappingsResponse()),

    checkConfig: unary((request: proto.CheckRequest) => {
      const failures = checkOptions(decode(request.getNews())).map(({ property, reason }) =>
        new proto.CheckFailure().setProperty(property).setReason(reason),
      );
      return new proto.CheckResponse().setInputs(request.getNews()).setFailuresList(failures);
    }),
    diffConfig: unary(async (request: proto.DiffRequest) => {
      const { changed, replaces } = await configDifference(decode(request.getOlds()), decode(request.getNews()));
      return new proto.DiffResponse()
        .setChanges(changed.length > 0 ? DIFF.DIFF_SOME : DIFF.DIFF_NONE)
        .setDiffsList(changed)
        .setReplacesList(replaces);
    }),
    configure: unary(async (request: proto.ConfigureRequest) => {
      await provider.configure(readOptions(decode(request.getArgs())), request.getId());
      return new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true).setSupportsAutonamingConfiguration(true);
    }),

    check: unary(async (request: proto.CheckRequest) => {
      const response = new proto.CheckResponse();
      try {
        const inputs = await provider.check({
          urn: request.getUrn(),
          type: request.getType() || typeOf(request.getUrn()),
          name: request.getName() || nameOf(request.getUrn()),
          olds: decode(request.getOlds()),
          news: decode(request.getNews()),
          seed: request.getRandomseed_asU8(),
          autonaming: autonamingOf(request),
        });
        return response.setInputs(encode(inputs));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        return response.setInputs(request.getNews()).setFailuresList([new proto.CheckFailure().setReason(error.message)]);
      }
    }),
    diff: unary(async (request: proto.DiffRequest) => {
      const { changes, deleteBeforeReplace } = await provider.diff({
        urn: request.getUrn(),
        state: decode(request.getOlds()),
        inputs: decode(request.getNews()),
        ignoreChanges: request.getIgnorechangesList(),
      });
      const response = new proto.DiffResponse()
        .setChanges(changes.length > 0 ? DIFF.DIFF_SOME : DIFF.DIFF_NONE)
        .setReplacesList(changes.filter(({ replaces }) => replaces).map(({ path }) => formatPath(path)))
        .setDeletebeforereplace(deleteBeforeReplace)
        .setHasdetaileddiff(true);
      for (const change of changes) {
        response.getDetaileddiffMap().set(formatPath(change.path), new proto.PropertyDiff().setKind(kindOf(change)));
      }
      return response;
    }),
    create: unary(async (request: proto.CreateRequest) => {
      const { id, properties } = await provider.create({
        urn: request.getUrn(),
        inputs: decode(request.getProperties()),
        timeout: request.getTimeout(),
        preview: request.getPreview(),
      });
      return new proto.CreateResponse().setId(id).setProperties(encode(properties));
    }),
    read: unary(async (request: proto.ReadRequest) => {
      const found = await provider.read({
        urn: request.getUrn(),
        type: request.getType() || typeOf(request.getUrn()),
        id: request.getId(),
        state: decode(request.getProperties()),
        inputs: decode(request.getInputs()),
      });
      const response = new proto.ReadResponse();
      return found ? response.setId(found.id).setProperties(encode(found.properties)).setInputs(encode(found.inputs)) : response;
    }),
    update: unary(async (request: proto.UpdateRequest) => {
      const properties = await provider.update({
        urn: request.getUrn(),
        state: decode(request.getOlds()),
        inputs: decode(request.getNews()),
        ignoreChanges: request.getIgnorechangesList(),
        timeout: request.getTimeout(),
        preview: request.getPreview(),
      });
      return new proto.UpdateResponse().setProperties(encode(properties));
    }),
    delete: unary(async (request: proto.DeleteRequest) => {
      await provider.remove({ urn: request.getUrn(), state: decode(request.getProperties()), timeout: request.getTimeout() });
      return new empty.Empty();
    }),
    cancel: unary(() => {
      provider.cancel();
      return new empty.Empty();
    }),

    invoke: refused("invoke", (request: proto.InvokeRequest) => request.getTok()),
    call: refused("call", (request: proto.CallRequest) => request.getTok()),
    construct: refused("construct", (request: proto.ConstructRequest) => request.getType()),
    parameterize: refused("parameterize", () => "the provider"),
  };
}

const DIFF = proto.DiffResponse.DiffChanges;

function unary<Request, Response>(method: (request: Request) => Response | Promise<Response>): handleUnaryCall<Request, Response> {
  return async (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
    try {
      callback(null, await method(call.request));
    } catch (error) {
      callback(toStatus(error));
    }
  };
}

function refused<Request>(verb: string, token: (request: Request) => string): handleUnaryCall<Request, never> {
  return (call, callback) =>
    callback({
      code: status.UNIMPLEMENTED,
      message: `cannot ${verb} ${token(call.request)}: only the official Kubernetes provider (pulumi-resource-kubernetes) carries this out`,
    });
}

function kindOf({ what, replaces }: Change): proto.PropertyDiff.Kind {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
  const kinds = { add: [ADD, ADD_REPLACE], delete: [DELETE, DELETE_REPLACE], update: [UPDATE, UPDATE_REPLACE] } as const;
  return kinds[what][replaces ? 1 : 0];
}

function autonamingOf(request: proto.CheckRequest): Autonaming | undefined {
  const asked = request.getAutonaming();
  if (!asked) return undefined;
  const modes = ["propose", "enforce", "disable"] as const;
  return { mode: modes[asked.getMode()] ?? "propose", proposed: asked.getProposedName() };
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
