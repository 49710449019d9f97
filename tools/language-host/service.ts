import { type ServerUnaryCall, type sendUnaryData, status, type UntypedHandleCall, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import {
  AboutResponse,
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  LanguageHandshakeResponse,
  RuntimeOptionsResponse,
  TemplateResponse,
} from "@pulumi/pulumi/proto/language_pb.js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import { version } from "@pulumi/pulumi/version.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { cancelAll } from "./children.ts";
import { installDependencies, programDependencies } from "./dependencies.ts";
import { programNode } from "./node.ts";
import { run } from "./run.ts";
import { runPlugin } from "./run-plugin.ts";

/**
 * `pulumirpc.LanguageRuntime` without code generation (`GenerateProgram`, `GenerateProject`, `GeneratePackage`, `Pack`, `Link`),
 * which the engine is told is not implemented.
 */
export const languageService = {
  definition: LanguageRuntimeService,

  handlers(engineAddress: string): UntypedServiceImplementation {
    let engine = engineAddress;
    return {
      handshake: unary((call: ServerUnaryCall<{ getEngineAddress(): string }, unknown>) => {
        engine = call.request.getEngineAddress() || engine;
        return new LanguageHandshakeResponse();
      }),
      getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
      // None, so that the engine does not try to download plugins at every start: those that a stack needs are installed by set-up.
      getRequiredPackages: unary(() => new GetRequiredPackagesResponse()),
      getRequiredPlugins: unary(() => new GetRequiredPluginsResponse()),
      run: unary((call: Parameters<typeof run>[0]) => run(call, engine)),
      runPlugin: streaming((call: Parameters<typeof runPlugin>[0]) => runPlugin(call, engine)),
      installDependencies: streaming(installDependencies),
      getProgramDependencies: unary((call: ServerUnaryCall<Parameters<typeof programDependencies>[0], unknown>) =>
        programDependencies(call.request),
      ),
      runtimeOptionsPrompts: unary(() => new RuntimeOptionsResponse()),
      template: unary(() => new TemplateResponse()),
      about: unary(async () => new AboutResponse().setExecutable(await programNode).setVersion(process.version)),
      cancel: unary(() => {
        cancelAll();
        return new Empty();
      }),
    };
  },
};

function unary<Call>(answer: (call: Call) => unknown): UntypedHandleCall {
  const handle = async (call: Call, callback: sendUnaryData<unknown>): Promise<void> => {
    try {
      callback(null, await answer(call));
    } catch (error) {
      callback({ code: status.UNKNOWN, details: (error as Error).message });
    }
  };
  return handle as unknown as UntypedHandleCall;
}

function streaming<Call extends { destroy(error: unknown): unknown }>(serve: (call: Call) => Promise<void>): UntypedHandleCall {
  const handle = async (call: Call): Promise<void> => {
    try {
      await serve(call);
    } catch (error) {
      call.destroy({ code: status.UNKNOWN, details: (error as Error).message });
    }
  };
  return handle as unknown as UntypedHandleCall;
}
