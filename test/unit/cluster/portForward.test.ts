import { describe, expect, it } from "vitest";
import { readyTargets } from "../../../tools/cluster/port-forward.ts";

describe("the pods behind a service of the person's own cluster", () => {
  const pod = (name: string, ready?: boolean) => ({ addresses: ["192.0.2.1"], conditions: { ready }, targetRef: { kind: "Pod", name } });

  it("are the ready ones, at the port that the service's port is called", () => {
    const slice = {
      addressType: "IPv4",
      ports: [
        { name: "http", port: 8080 },
        { name: "metrics", port: 9090 },
      ],
      endpoints: [pod("a", true), pod("b", false), pod("c"), { addresses: ["192.0.2.2"], conditions: { ready: true } }],
    };
    expect(readyTargets([slice], "http")).toEqual([
      { pod: "a", port: 8080 },
      { pod: "c", port: 8080 },
    ]);
    expect(readyTargets([slice], "grpc")).toEqual([]);
  });

  it("are found where the only port has no name", () => {
    expect(readyTargets([{ addressType: "IPv4", ports: [{ name: "", port: 80 }], endpoints: [pod("a", true)] }], "")).toEqual([
      { pod: "a", port: 80 },
    ]);
  });
});
