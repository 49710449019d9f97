import { describe, expect, it } from "vitest";
import { type Asked, ask, unknown } from "../test/unit/policies/ask.ts";
import { providerCredentials } from "./providerCredentials.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const secret = (inputs: object): Asked => ({ type: "kubernetes:core/v1:Secret", inputs });
const expected = "expected the real value, from a secret of the stack (pulumi config set --secret)";
const mend = (path: string) => `in the program, ${path} = "<the value, from config.requireSecret>"`;

describe("provider-credentials", () => {
  it("passes what may be a key", async () => {
    const keys = ["sk-proj-0123456789", "a", "password1", "todo-list-token", "AIzaSy…"];
    for (const key of keys) {
      expect(await ask(providerCredentials, secret({ stringData: { KEY: key }, data: { KEY: base64(key) } }))).toEqual({ violations: [] });
    }
  });

  it.each(["", " ", "\n"])("refuses an empty value (%j)", async (value) => {
    const { violations } = await ask(
      providerCredentials,
      secret({ stringData: { OPENAI_API_KEY: value }, data: { "tls.key": base64(value) } }),
    );
    expect(violations).toEqual([
      `stringData.OPENAI_API_KEY: is empty; ${expected}\n    mend it with: ${mend("stringData.OPENAI_API_KEY")}`,
      `data["tls.key"]: is empty; ${expected}\n    mend it with: ${mend('stringData["tls.key"]')}`,
    ]);
  });

  it.each([
    "changeme",
    "CHANGE-ME",
    "TODO",
    "<your key>",
    "placeholder",
    "xxxx",
    "***",
    "your-api-key",
    "put-your-key-here",
    "{openai_key}",
    "dummy",
  ])("refuses %s, which only stands in for a key", async (value) => {
    const { violations } = await ask(providerCredentials, secret({ stringData: { K: value }, data: { L: base64(value) } }));
    expect(violations).toEqual([
      `stringData.K: is a placeholder; ${expected}\n    mend it with: ${mend("stringData.K")}`,
      `data.L: is a placeholder; ${expected}\n    mend it with: ${mend("stringData.L")}`,
    ]);
  });

  it("asks what Secret Manager holds too", async () => {
    const version = (secretData: string): Asked => ({ type: "gcp:secretmanager/secretVersion:SecretVersion", inputs: { secretData } });
    expect(await ask(providerCredentials, version("a key"))).toEqual({ violations: [] });
    expect((await ask(providerCredentials, version("changeme"))).violations).toEqual([
      `secretData: is a placeholder; ${expected}\n    mend it with: ${mend("secretData")}`,
    ]);
  });

  it("says what is not known, and still what is empty", async () => {
    const { violations, unknown: said } = await ask(providerCredentials, secret({ stringData: { A: unknown, B: "" } }));
    expect(violations).toHaveLength(1);
    expect(said).toContain(".stringData.A can't be known during preview");
  });
});
