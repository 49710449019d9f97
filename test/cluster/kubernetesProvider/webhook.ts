import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { makePki } from "../../../tools/cluster/pki.ts";

interface Review {
  request: { uid: string; object: { metadata: { name: string } } };
}

/** An admission webhook in this process, which the API server of a simulated cluster reaches. */
export interface Webhook {
  /** For a webhook's `clientConfig`. */
  clientConfig: { url: string; caBundle: string };
  close(): void;
}

/** @param reason why an object of this name is refused; undefined lets it in */
export async function newWebhook(reason: (name: string) => string | undefined): Promise<Webhook> {
  const { ca, apiServer } = await makePki();
  const server = createServer({ key: apiServer.key, cert: apiServer.certificate }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { request: asked } = JSON.parse(Buffer.concat(chunks).toString()) as Review;
    const message = reason(asked.object.metadata.name);
    const answer = { uid: asked.uid, allowed: message === undefined, ...(message && { status: { message } }) };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: answer }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    clientConfig: { url, caBundle: Buffer.from(ca).toString("base64") },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The cluster's word for a webhook that looks at the ConfigMaps with this label. */
export function webhookConfiguration(name: string, label: string, webhook: Webhook) {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name },
    webhooks: [
      {
        name,
        clientConfig: webhook.clientConfig,
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
        timeoutSeconds: 5,
        objectSelector: { matchLabels: { [label]: "yes" } },
        rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["configmaps"] }],
      },
    ],
  };
}
