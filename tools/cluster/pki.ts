import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { network, nodeName } from "./network.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const tenYears = 10 * 365 * 24 * 3600 * 1000;

interface KeyAndCertificate {
  key: string;
  certificate: string;
}

/** PEM texts of everything a cluster's parts use to trust each other. */
export interface Pki {
  ca: string;
  apiServer: KeyAndCertificate;
  /** The API server as a client of the kubelet (logs, exec, port-forward). */
  kubeletClient: KeyAndCertificate;
  kubelet: KeyAndCertificate;
  serviceAccount: { privateKey: string; publicKey: string };
}

export async function makePki(): Promise<Pki> {
  const ca = await makeAuthority();
  const [apiServer, kubeletClient, kubelet, signing] = await Promise.all([
    ca.issue("CN=kube-apiserver", "server", [
      { type: "dns", value: "localhost" },
      { type: "dns", value: "kubernetes" },
      { type: "dns", value: "kubernetes.default" },
      { type: "dns", value: "kubernetes.default.svc" },
      { type: "dns", value: `kubernetes.default.svc.${network.domain}` },
      { type: "ip", value: "127.0.0.1" },
      { type: "ip", value: network.kubernetesService },
      { type: "ip", value: network.node },
    ]),
    ca.issue("CN=kube-apiserver-kubelet-client", "client", []),
    ca.issue(`CN=${nodeName}`, "server", [
      { type: "dns", value: nodeName },
      { type: "ip", value: network.node },
    ]),
    generateKeys(),
  ]);
  return {
    ca: ca.certificate,
    apiServer,
    kubeletClient,
    kubelet,
    serviceAccount: {
      privateKey: await pem("pkcs8", signing.privateKey, "PRIVATE KEY"),
      publicKey: await pem("spki", signing.publicKey, "PUBLIC KEY"),
    },
  };
}

async function makeAuthority() {
  const keys = await generateKeys();
  const name = "CN=rollback-stacks cluster CA";
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: certificate.toString("pem"),
    async issue(subject: string, usage: "server" | "client", names: x509.JsonGeneralName[]): Promise<KeyAndCertificate> {
      const own = await generateKeys();
      const issued = await x509.X509CertificateGenerator.create({
        ...validity(),
        subject,
        issuer: name,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[usage === "server" ? "serverAuth" : "clientAuth"]]),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
          ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
        ],
      });
      return { key: await pem("pkcs8", own.privateKey, "PRIVATE KEY"), certificate: issued.toString("pem") };
    },
  };
}

function generateKeys() {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function validity() {
  // A day back: pods and people may have clocks that are behind.
  const now = Date.now();
  return {
    serialNumber: `00${randomBytes(15).toString("hex")}`,
    notBefore: new Date(now - 24 * 3600 * 1000),
    notAfter: new Date(now + tenYears),
  };
}

async function pem(format: "pkcs8" | "spki", key: webcrypto.CryptoKey, label: string): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey(format, key), label);
}
