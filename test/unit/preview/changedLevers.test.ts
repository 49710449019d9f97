import { describe, expect, it } from "vitest";
import { changedLevers } from "../../../preview/changedLevers.ts";

const digest = (digit: string) => `shop@sha256:${digit.repeat(64)}`;

describe("the levers that a change sets", () => {
  it("are told by path, with their values before and after", () => {
    const before = { "rollback-stacks:canary": { weight: 10, image: digest("a") }, "kubernetes:namespace": "shop" };
    const after = {
      "rollback-stacks:canary": { weight: 50, image: digest("b") },
      "rollback-stacks:maintenance": true,
      "kubernetes:namespace": "shop",
    };
    expect(changedLevers(before, after)).toEqual([
      { path: "canary.weight", before: "10", after: "50" },
      { path: "canary.image", before: "shop@sha256:aaaaaaaaaaaa…", after: "shop@sha256:bbbbbbbbbbbb…" },
      { path: "maintenance", before: "not set", after: "true" },
    ]);
  });

  it("show of a secret only that it is another", () => {
    const of = (apiKey: unknown) => ({ "rollback-stacks:credentials": { openai: { apiKey } } });
    expect(changedLevers(of({ secure: "v1:before" }), of({ secure: "v1:after" }))).toEqual([
      { path: "credentials.openai.apiKey", before: "(secret)", after: "(secret)" },
    ]);
    expect(changedLevers(of({ secure: "v1:before" }), of("sk-in-plain-text"))).toEqual([
      { path: "credentials.openai.apiKey", before: "(secret)", after: "(secret)" },
    ]);
  });

  it("are none where only the file's form differs", () => {
    expect(changedLevers({ "rollback-stacks:canary": { weight: 10 } }, { "rollback-stacks:canary": { weight: 10 } })).toEqual([]);
  });
});
