/** The Service that stands in for both provider APIs. */
export const standInName = "ai-providers";
const port = 8090;

/**
 * Where the demo service finds the stand-in of its namespace: the environment variables that the official clients and the
 * service read.
 */
export const standInEnvironment = {
  OPENAI_BASE_URL: `http://${standInName}/v1`,
  GOOGLE_GEMINI_BASE_URL: `http://${standInName}`,
  GOOGLE_VERTEX_BASE_URL: `http://${standInName}`,
} as const;

/**
 * The provider stand-in as plain Kubernetes objects: a Deployment with one pod (its faults are in memory, so a second would not
 * know them) and the Service in front of it, on port 80.
 * @param image the demo image's reference by digest.
 */
export function standInManifests(namespace: string, image: string) {
  const labels = { app: standInName };
  const metadata = { name: standInName, namespace, labels };
  const probe = { httpGet: { path: "/health", port }, timeoutSeconds: 2 };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 2,
            securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: { type: "RuntimeDefault" } },
            containers: [
              {
                name: standInName,
                image,
                imagePullPolicy: "IfNotPresent",
                args: ["/app/providers.mjs"],
                env: [{ name: "PORT", value: `${port}` }],
                ports: [{ containerPort: port }],
                readinessProbe: { ...probe, periodSeconds: 1 },
                livenessProbe: { ...probe, periodSeconds: 10 },
                resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: labels, ports: [{ port: 80, targetPort: port }] },
    },
  ] as const;
}
