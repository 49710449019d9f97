import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import protocol from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Serving, serve } from "../../../tools/kubernetes-provider/server.ts";
import { decode, encode, type Props, Secret } from "../../../tools/kubernetes-provider/values.ts";
import { projectRoot } from "../../../tools/paths.ts";
import { type FakeServer, failure, fakeServer, json } from "./fakeServer.ts";

const urn = "urn:pulumi:dev::shop::kubernetes:core/v1:Secret::key";

describe("the provider as the engine sees it", () => {
  let serving: Serving;
  let server: FakeServer;
  let client: InstanceType<typeof protocol.ResourceProviderClient>;
  beforeAll(async () => {
    server = await fakeServer((_request, response, body) => json(response, 201, JSON.parse(body)));
    serving = await serve();
    client = new protocol.ResourceProviderClient(`127.0.0.1:${serving.port}`, grpc.credentials.createInsecure());
  });
  afterAll(async () => {
    client.close();
    serving.stop();
    await server.close();
  });

  const call = <Response>(
    method: (callback: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
  ): Promise<Response> => new Promise((resolve, reject) => method((error, response) => (error ? reject(error) : resolve(response))));
  const refusal = (method: (callback: (error: grpc.ServiceError | null) => void) => unknown): Promise<grpc.ServiceError> =>
    new Promise((resolve, reject) => method((error) => (error ? resolve(error) : reject(new Error("it was not refused")))));
  const configure = (options: Props) => call((done) => client.configure(new proto.ConfigureRequest().setArgs(encode(options)), done));
  const secret: Props = { apiVersion: "v1", kind: "Secret", metadata: { name: "key" }, stringData: new Secret({ token: "very-hidden" }) };

  it("refuses an option that is unknown or would be ignored, each by name", async () => {
    const news = encode({
      kubeconfg: "x",
      alwaysRender: "true",
      enableServerSideApply: "false",
      suppressDeprecationWarnings: "true",
    });
    const response = await call<proto.CheckResponse>((done) => client.checkConfig(new proto.CheckRequest().setNews(news), done));
    expect(response.getFailuresList().map((item) => `${item.getProperty()}: ${item.getReason()}`)).toEqual([
      "alwaysRender: alwaysRender is carried out by the official Kubernetes provider only; leave it out",
      "enableServerSideApply: enableServerSideApply: this provider always applies on the server; leave the option out",
      "kubeconfg: kubernetes:kubeconfg is no option of the Kubernetes provider, did you mean kubernetes:kubeconfig? There are kubeconfig, context, cluster, namespace, clusterIdentifier, enableConfigMapMutable, enableSecretMutable, deleteUnreachable, skipUpdateUnreachable, renderYamlToDirectory",
    ]);
  });

  it("replaces everything when its kubeconfig means another server, and nothing for another token", async () => {
    const diff = async (after: string) => {
      const request = new proto.DiffRequest().setOlds(encode({ kubeconfig: server.kubeconfig })).setNews(encode({ kubeconfig: after }));
      const response = await call<proto.DiffResponse>((done) => client.diffConfig(request, done));
      return [response.getDiffsList(), response.getReplacesList()];
    };
    expect(await diff(server.kubeconfig)).toEqual([[], []]);
    expect(await diff(server.kubeconfig.replace("fake-token", "other"))).toEqual([["kubeconfig"], []]);
    expect(await diff(server.kubeconfig.replace(/127\.0\.0\.1:\d+/, "elsewhere"))).toEqual([["kubeconfig"], ["kubeconfig"]]);
  });

  it("sends secrets back as secrets and in no other form", async () => {
    await configure({ kubeconfig: server.kubeconfig });
    const check = new proto.CheckRequest().setUrn(urn).setNews(encode(secret));
    const checked = await call<proto.CheckResponse>((done) => client.check(check, done));
    const create = new proto.CreateRequest().setUrn(urn).setProperties(checked.getInputs());
    const created = await call<proto.CreateResponse>((done) => client.create(create, done));
    const state = decode(created.getProperties());
    expect([created.getId(), state.data, (state.__inputs as Props).data]).toEqual([
      "default/key",
      new Secret({ token: "dmVyeS1oaWRkZW4=" }),
      new Secret({ token: "dmVyeS1oaWRkZW4=" }),
    ]);
    expect(JSON.stringify({ ...state, data: "", __inputs: "" })).not.toMatch(/very-hidden|dmVyeS1oaWRkZW4/);
  });

  it("hides secrets that the server quotes in a refusal", async () => {
    await configure({ kubeconfig: server.kubeconfig });
    server.answer = (_request, response) => failure(response, 422, 'data[token]: Invalid value: "very-hidden" (dmVyeS1oaWRkZW4=)');
    const create = new proto.CreateRequest()
      .setUrn(urn)
      .setProperties(encode({ ...secret, metadata: { name: "key", namespace: "default" } }));
    const error = await refusal((done) => client.create(create, done));
    expect(error.details).toBe('Secret default/key: data[token]: Invalid value: "[secret]" ([secret])');
  });

  it("hands over an object that is there but not ready", async () => {
    await configure({ kubeconfig: server.kubeconfig });
    server.answer = (_request, response, body) =>
      json(response, 201, {
        ...JSON.parse(body),
        status: { conditions: [{ type: "NamesAccepted", status: "False", reason: "Taken", message: "by another" }] },
      });
    const inputs = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: "w.example.com" } };
    const create = new proto.CreateRequest().setUrn(urn).setProperties(encode(inputs));
    const error = await refusal((done) => client.create(create, done));
    const details = statusProto.Status.deserializeBinary(error.metadata.get("grpc-status-details-bin")[0] as Buffer).getDetailsList();
    const partial = proto.ErrorResourceInitFailed.deserializeBinary(details[0]?.getValue_asU8() as Uint8Array);
    expect([partial.getId(), partial.getReasonsList()]).toEqual([
      "w.example.com",
      ["CustomResourceDefinition w.example.com cannot become ready: Taken: by another"],
    ]);
    expect(decode(partial.getProperties()).__inputs).toEqual(inputs);
  });

  it("says what only the official provider does", async () => {
    const request = new proto.InvokeRequest().setTok("kubernetes:helm:template");
    const error = await refusal((done) => client.invoke(request, done));
    expect(error.details).toBe(
      "cannot invoke kubernetes:helm:template: only the official Kubernetes provider (pulumi-resource-kubernetes) carries this out",
    );
  });
});

describe("the provider's process", () => {
  const start = () =>
    spawn(process.execPath, [join(projectRoot, "tools/kubernetes-provider/main.ts")], { stdio: ["pipe", "pipe", "inherit"] });

  it("prints its port first, and ends when the engine's end of standard input closes", async () => {
    const child = start();
    const [line] = await once(createInterface(child.stdout), "line");
    expect(line).toMatch(/^\d+$/);
    child.stdin.end();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("ends at once when the engine interrupts it, which would else wait five seconds", async () => {
    const child = start();
    await once(createInterface(child.stdout), "line");
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
