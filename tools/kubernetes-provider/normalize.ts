import { builtInKind } from "./kinds.ts";
import { withMetadata } from "./objects.ts";
import { isProps, type Props, Unknown, type Value } from "./values.ts";

/** What only the server sets. */
const READ_ONLY = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/** Fields that are maps of text in every kind of Kubernetes' own: empty and absent are the same there, unlike `emptyDir: {}`. */
const MAPS = new Set([
  "labels",
  "annotations",
  "matchLabels",
  "nodeSelector",
  "data",
  "binaryData",
  "limits",
  "requests",
  "hard",
  "parameters",
]);

/** Plain (not pointer) fields of Kubernetes' own kinds, whose zero value is the same as absent. */
const ZERO_IS_ABSENT = new Set([
  ...["hostNetwork", "hostPID", "hostIPC", "readOnly", "stdin", "stdinOnce", "tty", "paused", "unschedulable", "publishNotReadyAddresses"],
  ...["minReadySeconds", "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"],
  ...["clusterName", "generateName", "namespace", "subPath", "hostIP", "hostname", "subdomain", "workingDir", "externalName"],
]);

/**
 * Brings inputs into the form that state keeps: what the server alone sets is dropped, a Secret's `stringData` becomes `data`, and
 * for Kubernetes' own kinds empty lists, empty maps and zero values that mean "absent" are dropped.
 * @param inputs without secret marks
 */
export function normalize(inputs: Props): Props {
  const { apiVersion, kind } = inputs;
  let result = withMetadata(inputs, Object.fromEntries(READ_ONLY.map((name) => [name, undefined])));
  if (apiVersion === "v1" && kind === "Secret") result = encodeStringData(result);
  const known = typeof apiVersion === "string" && typeof kind === "string" && builtInKind(apiVersion, kind) !== undefined;
  return known ? (prune(result) as Props) : result;
}

function encodeStringData(inputs: Props): Props {
  const { stringData, data, ...rest } = inputs;
  if (!isProps(stringData)) return inputs;
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    text instanceof Unknown ? text : Buffer.from(String(text)).toString("base64"),
  ]);
  return { ...rest, data: { ...(isProps(data) ? data : {}), ...(Object.fromEntries(encoded) as Props) } };
}

function prune(value: Value): Value {
  if (Array.isArray(value)) return value.map(prune);
  if (!isProps(value)) return value;
  const result: Props = {};
  for (const [key, item] of Object.entries(value)) {
    if (!isAbsent(key, item)) result[key] = prune(item);
  }
  return result;
}

function isAbsent(key: string, value: Value): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isProps(value)) return MAPS.has(key) && Object.keys(value).length === 0;
  return (value === false || value === 0 || value === "") && ZERO_IS_ABSENT.has(key);
}
