import { describe, expect, it } from "vitest";
import { ask, deployment, mended, unknown } from "../test/unit/policies/ask.ts";
import { securityContext } from "./securityContext.ts";

const pod = "spec.template.spec";
const container = `${pod}.containers[0]`;
const confined = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } };

describe("security-context", () => {
  it("passes a confined pod, whether the pod or the container says that it is no root", async () => {
    const own = { container: { securityContext: { ...confined, runAsNonRoot: true } }, pod: { securityContext: {} } };
    for (const there of [
      {},
      own,
      { container: { securityContext: { ...confined, capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } } } },
    ])
      expect(await ask(securityContext, deployment(there))).toEqual({ violations: [] });
  });

  it("passes a token of the API server only to a service account of the pod's own", async () => {
    const withToken = (more: object) => ask(securityContext, deployment({ pod: { automountServiceAccountToken: undefined, ...more } }));
    expect(await withToken({ serviceAccountName: "shop" })).toEqual({ violations: [] });
    for (const more of [{}, { serviceAccountName: "default" }]) {
      expect((await withToken(more)).violations).toEqual([
        `${pod}.automountServiceAccountToken: is not set; expected false, or a service account of its own (serviceAccountName) that needs the token\n    mend it with: in the program, ${pod}.automountServiceAccountToken = false`,
      ]);
    }
  });

  it("names everything that a bare pod leaves open", async () => {
    const bare = deployment({ container: { securityContext: undefined }, pod: { securityContext: undefined } });
    const { violations } = await ask(securityContext, bare);
    expect(violations).toEqual([
      `${container}.securityContext.runAsNonRoot: is not set; expected true, here or for the whole pod\n    mend it with: in the program, ${container}.securityContext.runAsNonRoot = true`,
      `${container}.securityContext.readOnlyRootFilesystem: is not set; expected true\n    mend it with: in the program, ${container}.securityContext.readOnlyRootFilesystem = true`,
      `${container}.securityContext.allowPrivilegeEscalation: is not set; expected false\n    mend it with: in the program, ${container}.securityContext.allowPrivilegeEscalation = false`,
      `${container}.securityContext.capabilities.drop: is not set; expected ["ALL"]\n    mend it with: in the program, ${container}.securityContext.capabilities.drop = ["ALL"]`,
    ]);
    expect(await ask(securityContext, mended(bare, violations))).toEqual({ violations: [] });
  });

  it.each([
    ["hostNetwork", { pod: { hostNetwork: true } }, `${pod}.hostNetwork: is true; expected none`],
    ["hostPID", { pod: { hostPID: true } }, `${pod}.hostPID: is true; expected none`],
    ["hostIPC", { pod: { hostIPC: true } }, `${pod}.hostIPC: is true; expected none`],
    [
      "hostPath",
      { pod: { volumes: [{ name: "node", hostPath: { path: "/" } }] } },
      `${pod}.volumes[0].hostPath: is {"path":"/"}; expected a volume that is no part of the node`,
    ],
    ["hostPort", { container: { ports: [{ containerPort: 80, hostPort: 80 }] } }, `${container}.ports[0].hostPort: is 80; expected none`],
    [
      "privileged",
      { container: { securityContext: { ...confined, privileged: true } } },
      `${container}.securityContext.privileged: is true; expected none`,
    ],
    [
      "root",
      { container: { securityContext: { ...confined, runAsUser: 0 } } },
      `${container}.securityContext.runAsUser: is 0, which is root; expected another user`,
    ],
    [
      "another capability",
      { container: { securityContext: { ...confined, capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } } } },
      `${container}.securityContext.capabilities.add: is ["SYS_ADMIN"]; expected none but NET_BIND_SERVICE`,
    ],
  ])("refuses %s, and passes once that is as the message says", async (_, what, message) => {
    const open = deployment(what);
    const { violations } = await ask(securityContext, open);
    expect(violations.map((each) => each.split("\n")[0])).toEqual([message]);
    expect(await ask(securityContext, mended(open, violations))).toEqual({ violations: [] });
  });

  it("says what is not known, and still what is open", async () => {
    const partly = deployment({ container: { securityContext: { ...confined, readOnlyRootFilesystem: unknown, privileged: true } } });
    const { violations, unknown: said } = await ask(securityContext, partly);
    expect(violations).toHaveLength(1);
    expect(said).toContain(".securityContext.readOnlyRootFilesystem can't be known during preview");
  });
});
