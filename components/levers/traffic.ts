import { z } from "zod";
import { list } from "./list.ts";
import { quote } from "./scalars.ts";

/** Name of a Kubernetes object, or of a listener. */
const objectName = z
  .string({ error: (issue) => (issue.input === undefined ? "missing" : `expected a name, got ${quote(issue.input)}`) })
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, { error: (issue) => `${quote(issue.input)} is not a name that Kubernetes takes` });

/** Most host names that an HTTPRoute holds. */
const mostHostnames = 16;

/** What weighs the tracks: the numbers of their pods, or a Gateway's route. */
export const traffic = z
  .strictObject({
    mode: z
      .enum(["replicas", "gateway"], { error: (issue) => `expected replicas or gateway, got ${quote(issue.input)}` })
      .default("replicas"),
    /** The Gateway that the route is attached to; its namespace where that is another, its listener where it is not every one. */
    gateway: z.strictObject({ name: objectName, namespace: objectName.optional(), sectionName: objectName.optional() }).optional(),
    /** Hosts whose requests the route takes; all of the Gateway's without it. */
    hostnames: list({
      path: "traffic.hostnames",
      noun: "host name",
      known: undefined,
      tooLong: {
        most: mostHostnames,
        holder: "a route",
        advice: "Use a wildcard",
        command: "pulumi config set --path traffic.hostnames '*.<domain>'",
      },
    }).optional(),
  })
  .prefault({});
