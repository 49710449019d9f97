import { describe, expect, it } from "vitest";
import { type Asked, ask, deployment, mended, unknown } from "../test/unit/policies/ask.ts";
import { noPublicSecrets } from "./noPublicSecrets.ts";

const env = "spec.template.spec.containers[0].env";
const fromSecret = (name: string) => ({ name, valueFrom: { secretKeyRef: { name: "shop", key: "key" } } });
const secret = (inputs: object): Asked => ({ type: "kubernetes:core/v1:Secret", inputs });
const configMap = (data: object): Asked => ({ type: "kubernetes:core/v1:ConfigMap", inputs: { data } });

describe("no-public-secrets", () => {
  it("E6: passes what anyone may know, and secrets that stay on the server", async () => {
    const there = [
      { name: "VITE_API_URL", value: "https://shop.example" },
      fromSecret("GEMINI_API_KEY"),
      { name: "NEXT_PUBLIC_ANON_KEY", value: "abc" },
    ];
    expect(await ask(noPublicSecrets, deployment({ container: { env: there } }))).toEqual({ violations: [] });
    expect(await ask(noPublicSecrets, configMap({ VITE_TITLE: "Shop", OPENAI_API_KEY: "another rule's" }))).toEqual({ violations: [] });
    expect(await ask(noPublicSecrets, secret({ stringData: { GEMINI_API_KEY: "key" } }))).toEqual({ violations: [] });
  });

  it.each(["VITE_", "NEXT_PUBLIC_", "NUXT_PUBLIC_", "REACT_APP_", "EXPO_PUBLIC_", "GATSBY_", "PUBLIC_"])(
    "E6: refuses a secret under %s, plain or from a Secret, and passes once it has a name of the server's",
    async (prefix) => {
      const there = [{ name: `${prefix}API_KEY`, value: "hunter2" }, fromSecret(`${prefix}GREETING`)];
      const open = deployment({ container: { env: there } });
      const { violations } = await ask(noPublicSecrets, open);
      expect(violations).toEqual([
        `${env}[0].name: is ${prefix}API_KEY, which goes into the page, and its name says that it is a secret; expected a name that stays on the server\n    mend it with: in the program, ${env}[0].name = "API_KEY"`,
        `${env}[1].name: is ${prefix}GREETING, which goes into the page, and it comes from a Secret; expected a name that stays on the server\n    mend it with: in the program, ${env}[1].name = "GREETING"`,
      ]);
      expect(await ask(noPublicSecrets, mended(open, violations))).toEqual({ violations: [] });
    },
  );

  it("E6: refuses such names in ConfigMaps, where the value is secret, and in Secrets, whatever it is", async () => {
    const message = (path: string, why: string, deleted: string) =>
      `${path}: goes into the page, and ${why}; expected nothing secret under this name\n    mend it with: in the program, delete ${deleted}`;
    const open = configMap({ VITE_DSN: "postgres://shop:hunter2@db/shop", VITE_TITLE: "Shop" });
    const { violations } = await ask(noPublicSecrets, open);
    expect(violations).toEqual([message("data.VITE_DSN", "it has an address with a password in it", "data.VITE_DSN")]);
    expect(await ask(noPublicSecrets, mended(open, violations))).toEqual({ violations: [] });
    const held = secret({ data: { VITE_A: "YQ==" }, stringData: { NEXT_PUBLIC_B: "b" } });
    const of = await ask(noPublicSecrets, held);
    expect(of.violations).toEqual([
      message("stringData.NEXT_PUBLIC_B", "it comes from a Secret", "stringData.NEXT_PUBLIC_B and data.NEXT_PUBLIC_B"),
      message("data.VITE_A", "it comes from a Secret", "stringData.VITE_A and data.VITE_A"),
    ]);
    expect(await ask(noPublicSecrets, mended(held, of.violations))).toEqual({ violations: [] });
  });

  it("says what is not known, and still what is public", async () => {
    const there = [{ name: "VITE_HOST", value: unknown }, fromSecret("VITE_KEY")];
    const { violations, unknown: said } = await ask(noPublicSecrets, deployment({ container: { env: there } }));
    expect(violations).toHaveLength(1);
    expect(said).toContain(".env.0.value can't be known during preview");
  });
});
