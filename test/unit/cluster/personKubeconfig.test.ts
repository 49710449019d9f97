import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { onlyContext, personalFiles } from "../../../tools/cluster/person-kubeconfig.ts";

describe("the person's kubeconfig", () => {
  let folder: string;
  let first: string;
  let second: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    first = join(folder, "first");
    second = join(folder, "second");
    writeFileSync(
      first,
      `clusters: [{ name: c, cluster: { server: "https://one", certificate-authority: ca.crt } }]
users: [{ name: u, user: { client-key: /keys/u.key, exec: { command: ./login, args: [a] } } }]
contexts: [{ name: production, context: { cluster: c, user: u } }, { name: broken, context: { cluster: c, user: nobody } }]
current-context: production`,
    );
    writeFileSync(
      second,
      `clusters: [{ name: c, cluster: { server: "https://two" } }]
contexts: [{ name: staging, context: { cluster: c, user: u, namespace: n } }]`,
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is looked for in $KUBECONFIG's files, else in the home folder", () => {
    expect(personalFiles({ KUBECONFIG: "/a::/b" }, "/home/me")).toEqual(["/a", "/b"]);
    expect(personalFiles({}, "/home/me")).toEqual(["/home/me/.kube/config"]);
  });

  it("is handed on with the named context only, the first of equal names, and paths that hold anywhere", () => {
    expect(parse(onlyContext([join(folder, "absent"), first, second], "staging"))).toEqual({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: "https://one", "certificate-authority": join(folder, "ca.crt") } }],
      users: [{ name: "u", user: { "client-key": "/keys/u.key", exec: { command: join(folder, "login"), args: ["a"] } } }],
      contexts: [{ name: "staging", context: { cluster: "c", user: "u", namespace: "n" } }],
      "current-context": "staging",
    });
  });

  it("says which contexts there are when the named one is not among them", () => {
    expect(() => onlyContext([first, second], "prod")).toThrow(
      `the kubeconfig (${first}, ${second}) has no context "prod"; it has production, broken, staging.\n  Choose one with --context`,
    );
  });

  it("says what a context lacks", () => {
    expect(() => onlyContext([first], "broken")).toThrow(`the context "broken" names the user "nobody", which is not in ${first}`);
    expect(() => onlyContext([join(folder, "absent")], "x")).toThrow('there is no kubeconfig to take the context "x" from');
  });
});
