import { afterEach, describe, expect, it } from "vitest";
import type { View } from "../../../tools/kubernetes-provider/await/awaiter.ts";
import type { KubeObject } from "../../../tools/kubernetes-provider/objects.ts";
import type { Props } from "../../../tools/kubernetes-provider/values.ts";
import { type FakeServer, fakeServer, json } from "./fakeServer.ts";
import { configured } from "./provider.ts";
import { type Fields, found, object, verdict } from "./verdict.ts";

describe("a PersistentVolumeClaim", () => {
  const claim = (spec: Fields, status: Fields = { phase: "Pending" }) => object("PersistentVolumeClaim", { spec, status });
  const storage = (name: string, more: Fields = {}) => ({ metadata: { name }, provisioner: "example.com/disks", ...more });
  const volume = (spec: Fields) => ({ metadata: { name: "disk" }, spec });
  const late = { elapsedMs: 10_000 };
  const disks = (classes: Fields[], volumes: Fields[] = [], more: Partial<View> = {}) => ({ ...found({ classes, volumes }), ...more });
  const refused = { message: "failed to provision volume: quota" } as never;

  it.each<[string, KubeObject, Partial<View>]>([
    ["ready", claim({}, { phase: "Bound" }), {}],
    ["failed: its volume v is gone", claim({ volumeName: "v" }, { phase: "Lost" }), {}],
    ["waiting: claim is Pending", claim({ storageClassName: "fast" }), {}],
    ["ready", claim({ storageClassName: "local" }), disks([storage("local", { volumeBindingMode: "WaitForFirstConsumer" })])],
    [
      "waiting: claim is Pending: failed to provision volume: quota",
      claim({ storageClassName: "fast" }),
      disks([storage("fast")], [], { ...late, events: [refused] }),
    ],
    [
      "waiting: claim is Pending: there is no StorageClass fast (there are: slow), and no unbound PersistentVolume fits either",
      claim({ storageClassName: "fast" }),
      disks([storage("slow")]),
    ],
    [
      "failed: there is no StorageClass fast (there are: slow), and no unbound PersistentVolume fits either",
      claim({ storageClassName: "fast" }),
      disks([storage("slow")], [], late),
    ],
    [
      "failed: it names no StorageClass, none is the default (there are: none), and no unbound PersistentVolume fits either",
      claim({}),
      disks([], [], late),
    ],
    [
      "failed: it asks for no StorageClass, and no unbound PersistentVolume without one is there",
      claim({ storageClassName: "" }),
      disks([], [], late),
    ],
    [
      "failed: StorageClass manual provides no volumes by itself, and no unbound PersistentVolume is of it",
      claim({ storageClassName: "manual" }),
      disks([storage("manual", { provisioner: "kubernetes.io/no-provisioner" })], [], late),
    ],
    ["waiting: claim is Pending", claim({ storageClassName: "manual" }), disks([], [volume({ storageClassName: "manual" })], late)],
    ["waiting: claim is Pending", claim({ volumeName: "disk" }), disks([], [volume({ storageClassName: "any" })], late)],
    ["waiting: claim is Pending", claim({}), disks([], [volume({ claimRef: { name: "thing", namespace: "shop" } })], late)],
    [
      "failed: it names no StorageClass, none is the default (there are: none), and no unbound PersistentVolume fits either",
      claim({}),
      disks([], [volume({ claimRef: { name: "another", namespace: "shop" } })], late),
    ],
    ["waiting: claim is Pending", claim({ storageClassName: "fast" }), disks([], [], { ...late, denied: new Set(["volumes"]) })],
  ])("is %s", (expected, of, view) => {
    expect(verdict(of, view)).toBe(expected);
  });
});

describe("an Ingress", () => {
  const backend = (name: string) => ({ service: { name, port: { number: 80 } } });
  const rules = [
    {
      host: "shop.example.com",
      http: {
        paths: [
          { path: "/api", backend: backend("api") },
          { path: "/", backend: backend("web") },
        ],
      },
    },
  ];
  const ingress = (spec: Fields, status: Fields = {}) => object("Ingress", { spec, status });
  const served = { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } };
  const named = (...names: string[]) => names.map((name) => ({ metadata: { name } }));
  const nginx = { metadata: { name: "nginx" }, spec: { controller: "k8s.io/ingress-nginx" } };
  const isDefault = { metadata: { name: "edge", annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } } };
  const noAddress = "waiting: waiting for a controller to give it an address";

  it.each<[string, KubeObject, Partial<View>]>([
    ["ready", ingress({ rules }, served), found({ services: named("api", "web") })],
    ["waiting: looking for its services", ingress({ rules }, served), {}],
    [
      "waiting: waiting for its services: there is no Service api for shop.example.com/api",
      ingress({ rules }, served),
      found({ services: named("web") }),
    ],
    [
      "ready: there is no Service api for shop.example.com/api; there is no Service other for the default backend; such requests are answered with an error",
      ingress({ rules, defaultBackend: backend("other") }, served),
      { ...found({ services: named("web") }), elapsedMs: 10_000 },
    ],
    ["ready", ingress({ rules }, served), { ...found({ services: [] }), denied: new Set(["services"]) }],
    [noAddress, ingress({ rules }), {}],
    [
      `${noAddress}: its class is nginx, which k8s.io/ingress-nginx serves: there is no Service web for any path`,
      ingress({ ingressClassName: "nginx", rules: [{ http: { paths: [{ backend: backend("web") }] } }] }),
      found({ classes: [nginx], services: [] }),
    ],
    [`${noAddress}: there is no IngressClass edge (there are: nginx)`, ingress({ ingressClassName: "edge" }), found({ classes: [nginx] })],
    [
      `${noAddress}: it names no IngressClass and none is the default (there are: nginx), so no controller may feel called`,
      ingress({}),
      found({ classes: [nginx] }),
    ],
    [noAddress, ingress({}), found({ classes: [nginx, isDefault] })],
    [noAddress, ingress({}), { ...found({ classes: [] }), denied: new Set(["classes"]) }],
  ])("is %s", (expected, of, view) => {
    expect(verdict(of, view)).toBe(expected);
  });
});

describe("a refresh", () => {
  let server: FakeServer;
  afterEach(() => server.close());

  it("takes a claim that waits for its first pod as it is", async () => {
    const pending = object("PersistentVolumeClaim", { spec: { storageClassName: "local" }, status: { phase: "Pending" } });
    server = await fakeServer((_request, response) => json(response, 200, pending));
    const { provider } = await configured(server.kubeconfig);
    const inputs: Props = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "thing", namespace: "shop" } };
    const state = { ...(pending as unknown as Props), __inputs: inputs };
    const read = await provider.read({ urn: "urn", type: "kubernetes:core/v1:PersistentVolumeClaim", id: "shop/thing", state, inputs });
    expect(read?.id).toBe("shop/thing");
  });
});
