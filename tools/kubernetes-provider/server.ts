import * as grpc from "@grpc/grpc-js";
import protocol from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { handlers } from "./handlers.ts";
import { KubernetesProvider } from "./provider.ts";
import { engineReporter, silent } from "./report.ts";

export interface Serving {
  port: number;
  stop(): void;
}

/**
 * Serves the provider on a free port of 127.0.0.1.
 * @param engine address of the engine's log service, where there is one
 */
export function serve(engine?: string): Promise<Serving> {
  const provider = new KubernetesProvider(engine ? engineReporter(engine) : silent);
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(protocol.ResourceProviderService, handlers(provider));
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve({ port, stop: () => server.forceShutdown() });
    });
  });
}
