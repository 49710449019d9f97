import { afterEach, describe, expect, it } from "vitest";
import { customResource } from "../../../tools/kubernetes-provider/await/customResource.ts";
import type { Props } from "../../../tools/kubernetes-provider/values.ts";
import { type FakeServer, failure, fakeServer, json } from "./fakeServer.ts";
import { configured, messageOf } from "./provider.ts";
import { type Fields, object, verdict } from "./verdict.ts";

const condition = (type: string, status: string, more: Fields = {}) => ({ type, status, ...more });
const withConditions = (...conditions: Fields[]) => ({ status: { conditions } });
const why = { reason: "NoIssuer", message: "issuer is missing" };

describe("a custom resource", () => {
  const widget = (...conditions: Fields[]) => object("Widget", withConditions(...conditions));

  it.each([
    ["ready", object("Widget", {})],
    ["ready", object("Widget", { status: { phase: "Whatever" } })],
    ["ready", widget(condition("Synced", "False"))],
    ["ready", widget(condition("Ready", "True"), condition("Available", "False"))],
    ["ready", widget(condition("Available", "True"))],
    ["waiting: Ready is False: NoIssuer: issuer is missing", widget(condition("Ready", "False", why))],
    ["waiting: Available is Unknown", widget(condition("Available", "Unknown"))],
    ["waiting: waiting for its controller to see the change", widget(condition("Ready", "True", { observedGeneration: 1 }))],
    [
      "waiting: waiting for its controller to see the change",
      object("Widget", { status: { observedGeneration: 1, conditions: [condition("Ready", "True")] } }),
    ],
    ["waiting: its controller is at work: Step: 2 of 5", widget(condition("Reconciling", "True", { reason: "Step", message: "2 of 5" }))],
    ["failed: NoIssuer: issuer is missing", widget(condition("Stalled", "True", why), condition("Ready", "False"))],
    ["ready", widget(condition("Stalled", "False"), condition("Reconciling", "False"), condition("Ready", "True"))],
  ])("is %s", (expected, of) => {
    expect(verdict(of)).toBe(expected);
  });

  it("is not ready before the condition that its kind promises was reported", () => {
    expect(verdict(object("Widget", {}), {}, customResource("Ready"))).toBe("waiting: no controller has reported that it is Ready");
    expect(verdict(widget(condition("Ready", "True")), {}, customResource("Ready"))).toBe("ready");
  });
});

describe("kinds with conditions of their own", () => {
  const listener = (...conditions: Fields[]) => ({ listeners: [{ name: "https", conditions }] });
  const gateway = (status: Fields) => object("Gateway", { spec: { gatewayClassName: "edge" }, status });
  const serving = [condition("Accepted", "True"), condition("Programmed", "True")];
  const badCertificate = condition("ResolvedRefs", "False", { reason: "InvalidCertificateRef", message: "no such Secret" });

  it.each([
    ["ready", object("APIService", withConditions(condition("Available", "True")))],
    [
      "waiting: Available is False: MissingEndpoints: no endpoints",
      object("APIService", withConditions(condition("Available", "False", { reason: "MissingEndpoints", message: "no endpoints" }))),
    ],
    ["waiting: no controller has reported that it is Available", object("APIService", {})],
    ["waiting: no controller has reported that it is Accepted: its GatewayClass is edge", gateway({})],
    [
      "waiting: Programmed is False: NoAddress: none free: its GatewayClass is edge",
      gateway({
        conditions: [condition("Accepted", "True"), condition("Programmed", "False", { reason: "NoAddress", message: "none free" })],
      }),
    ],
    ["ready", gateway({ conditions: serving, ...listener(condition("Conflicted", "False"), condition("Programmed", "True")) })],
    ["ready: listener https: InvalidCertificateRef: no such Secret", gateway({ conditions: serving, ...listener(badCertificate) })],
  ])("%s", (expected, of) => {
    expect(verdict(of)).toBe(expected);
  });
});

describe("an HTTPRoute", () => {
  const edge = { name: "edge" };
  const other = { name: "other", namespace: "infra", sectionName: "https" };
  const taken = [condition("Accepted", "True", { observedGeneration: 2 }), condition("ResolvedRefs", "True", { observedGeneration: 2 })];
  const report = (parentRef: Fields, conditions: Fields[]) => ({ parentRef, controllerName: "example.com/edge", conditions });
  const route = (parentRefs: Fields[], ...parents: Fields[]) => object("HTTPRoute", { spec: { parentRefs }, status: { parents } });

  it.each([
    ["ready", route([])],
    ["ready", route([edge], report({ group: "gateway.networking.k8s.io", kind: "Gateway", name: "edge", namespace: "shop" }, taken))],
    [
      "waiting: accepted by 0 of 1 parents: Gateway shop/edge: no controller has seen the route; is there such a Gateway, and who serves it?",
      route([edge]),
    ],
    [
      "waiting: accepted by 1 of 2 parents: Gateway infra/other, listener https: Accepted is False: NotAllowedByListeners: not from this namespace",
      route(
        [edge, other],
        report(edge, taken),
        report(other, [
          condition("Accepted", "False", { reason: "NotAllowedByListeners", message: "not from this namespace" }),
          condition("ResolvedRefs", "True"),
        ]),
      ),
    ],
    [
      "waiting: accepted by 0 of 1 parents: Gateway shop/edge: ResolvedRefs is False: BackendNotFound: no Service web",
      route(
        [edge],
        report(edge, [...taken.slice(0, 1), condition("ResolvedRefs", "False", { reason: "BackendNotFound", message: "no Service web" })]),
      ),
    ],
    [
      "waiting: accepted by 0 of 1 parents: Gateway shop/edge: its controller has not seen the change: Gateway shop/edge: no word yet on ResolvedRefs",
      route([edge], report(edge, [condition("Accepted", "True", { observedGeneration: 1 })])),
    ],
  ])("is %s", (expected, of) => {
    expect(verdict(of)).toBe(expected);
  });
});

describe("a new custom resource", () => {
  let server: FakeServer;
  afterEach(() => server.close());
  const widget: Props = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w", namespace: "shop" } };
  const DEFINITION = "GET /apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com";

  /** Creates widgets on a server that has this definition of theirs, or shows none. */
  async function creating(columns: Fields[] | undefined) {
    server = await fakeServer((request, response, body) => {
      const url = request.url ?? "";
      if (request.method === "PATCH") return json(response, 201, JSON.parse(body));
      if (url.endsWith("/example.com/v1"))
        return json(response, 200, { resources: [{ name: "widgets", kind: "Widget", namespaced: true }] });
      if (url.includes("watch=true")) return response.writeHead(200).flushHeaders();
      if (!columns) return failure(response, 403, "you may not see that");
      json(response, 200, { spec: { versions: [{ name: "v1", additionalPrinterColumns: columns }] } });
    });
    const { provider } = await configured(server.kubeconfig);
    return () => provider.create({ urn: "urn", inputs: widget, timeout: 0.2, preview: false });
  }

  it("is awaited where its definition prints a Ready condition, for which the definition is read once", async () => {
    const create = await creating([{ jsonPath: ".spec.size" }, { jsonPath: '.status.conditions[?(@.type=="Ready")].status' }]);
    for (const _ of [1, 2]) {
      expect(await messageOf(create())).toBe("Widget shop/w was not ready within 0.2 s: no controller has reported that it is Ready");
    }
    expect(server.requests.filter((request) => request === DEFINITION)).toEqual([DEFINITION]);
  });

  it.each([
    ["prints no such condition", [{ jsonPath: ".status.conditions[?(@.type=='Synced')].status" }]],
    ["may not be seen", undefined],
  ])("is ready at once where its definition %s", async (_, columns) => {
    const create = await creating(columns);
    expect((await create()).id).toBe("shop/w");
  });
});
