import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import { Cancelled, NotReady } from "./errors.ts";
import { redact } from "./redact.ts";
import { encode, isProps, type Props } from "./values.ts";

/** gRPC carries details in a header, which must stay below 64 KiB in all. */
const LARGEST_DETAIL = 40_000;

/** A server that refuses a whole object may quote all of it. */
const LONGEST_MESSAGE = 8_000;

/** The gRPC status of a failed operation; an object that is there but not ready goes along, so that state keeps it. */
export function toStatus(error: unknown): Partial<ServiceError> {
  const message = readable(error instanceof Error ? error.message : String(error));
  if (error instanceof NotReady) return { code: status.UNKNOWN, message, metadata: initFailed(error, message) };
  return { code: error instanceof Cancelled ? status.CANCELLED : status.UNKNOWN, message };
}

function initFailed(error: NotReady, message: string): Metadata {
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setReasonsList(error.reasons.map(readable));
  detail.setInputs(encode(error.inputs));
  detail.setProperties(encode(error.properties));
  if (detail.serializeBinary().length > LARGEST_DETAIL) detail.setProperties(encode(withoutBulk(error.properties)));
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const details = new statusProto.Status();
  details.setCode(status.UNKNOWN);
  details.setMessage(message);
  details.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(details.serializeBinary()));
  return metadata;
}

/** Without secrets, of a length that a person reads, and without halves of characters, which gRPC cannot carry. */
function readable(text: string): string {
  const hidden = redact(text);
  return (hidden.length > LONGEST_MESSAGE ? `${hidden.slice(0, LONGEST_MESSAGE)} … (${hidden.length} characters)` : hidden).toWellFormed();
}

/** What the next refresh brings back: the record of managers and the status. */
function withoutBulk(properties: Props): Props {
  const { status: _, ...rest } = properties;
  if (!isProps(rest.metadata)) return rest;
  const { managedFields: __, ...metadata } = rest.metadata;
  return { ...rest, metadata };
}
