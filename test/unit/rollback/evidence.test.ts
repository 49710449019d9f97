import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { hiding, secretsOf } from "../../../cli/evidence/secretValues.ts";

it("the Secrets of pods are found in each of the ways that pods are given them", () => {
  const spec = {
    volumes: [
      { secret: { secretName: "files" } },
      { projected: { sources: [{ secret: { name: "projected" } }, { configMap: { name: "no" } }] } },
    ],
    initContainers: [{ envFrom: [{ secretRef: { name: "before" } }] }],
    containers: [
      {
        env: [
          { name: "A", valueFrom: { secretKeyRef: { name: "single", key: "a" } } },
          { name: "B", value: "b" },
        ],
      },
    ],
  };
  expect(secretsOf([{ spec }, { spec }] as unknown as V1Pod[])).toEqual(["before", "files", "projected", "single"]);
});

describe("what is kept", () => {
  const encoded = (value: string) => Buffer.from(value).toString("base64");
  const secrets: Record<string, Record<string, string>> = {
    openai: { apiKey: encoded("sk-1234"), longer: encoded("sk-1234-and-more\n"), short: encoded("yes") },
    database: { url: encoded("postgres://ada:p/w@db") },
  };
  const read = async (name: string) => {
    const data = secrets[name];
    if (!data) throw new Error(`secrets "${name}" is forbidden`);
    return { data };
  };

  it("has the name of a Secret's key where its value stood, plain, encoded or in an address", async () => {
    const { hide, keys } = await hiding(["openai", "database"], read);
    expect(
      hide(`key sk-1234, then sk-1234-and-more, ${encoded("sk-1234")} and ?db=${encodeURIComponent("postgres://ada:p/w@db")}: yes`),
    ).toBe("key [secret openai/apiKey], then [secret openai/longer], [secret openai/apiKey] and ?db=[secret database/url]: yes");
    expect(keys).toEqual({ openai: ["apiKey", "longer", "short"], database: ["url"] });
  });

  it("says which Secrets could not be looked for", async () => {
    expect((await hiding(["openai", "other"], read)).missing).toEqual([
      { what: "keys of Secret other, so that its values could not be looked for in what is kept", why: 'secrets "other" is forbidden' },
    ]);
  });
});
