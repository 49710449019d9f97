import * as grpc from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import type { Severity } from "./report.ts";

const SEVERITY = {
  debug: engineProto.LogSeverity.DEBUG,
  info: engineProto.LogSeverity.INFO,
  warning: engineProto.LogSeverity.WARNING,
  error: engineProto.LogSeverity.ERROR,
};

export interface EngineLog {
  log(urn: string, severity: Severity, message: string, ephemeral: boolean): Promise<void>;
}

export function connectEngine(address: string): EngineLog {
  const client = new engineGrpc.EngineClient(address, grpc.credentials.createInsecure());
  return {
    log: (urn, severity, message, ephemeral) =>
      new Promise((resolve, reject) => {
        const request = new engineProto.LogRequest();
        request.setUrn(urn);
        request.setSeverity(SEVERITY[severity]);
        request.setMessage(message);
        request.setEphemeral(ephemeral);
        client.log(request, (error: Error | null) => (error ? reject(error) : resolve()));
      }),
  };
}
