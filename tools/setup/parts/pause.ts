import { commandPart } from "../command-part.ts";

/** The process that holds a pod's namespaces open; the kubelet runs it from an image that the cluster makes of it. */
export const pause = commandPart({
  name: "pause",
  title: "pause",
  version: "1",
  usually: "a few seconds",
  space: 1e8,
  wanted: [],
  files: ["pause"],
  downloads: [],
  build: { module: "kubernetes", packages: ["./pause"] },
});
