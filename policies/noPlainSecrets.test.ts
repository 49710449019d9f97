import { describe, expect, it } from "vitest";
import { type Asked, ask, deployment, mended, unknown } from "../test/unit/policies/ask.ts";
import { noPlainSecrets } from "./noPlainSecrets.ts";

const container = "spec.template.spec.containers[0]";
const key = "AIza".concat("SyA-1234567890abcdefghijklmnopqrstuv");
const configMap = (inputs: object): Asked => ({ type: "kubernetes:core/v1:ConfigMap", inputs });

async function refused(resource: Asked, ...messages: string[]): Promise<void> {
  const { violations } = await ask(noPlainSecrets, resource);
  expect(violations).toEqual(messages);
  expect(await ask(noPlainSecrets, mended(resource, violations))).toEqual({ violations: [] });
}

describe("no-plain-secrets", () => {
  it("passes references to Secrets, and what is no secret", async () => {
    const env = [
      { name: "OPENAI_API_KEY", valueFrom: { secretKeyRef: { name: "shop-openai", key: "OPENAI_API_KEY" } } },
      { name: "AI_PROVIDER", value: "openai" },
      { name: "MAX_TOKENS", value: "4096" },
      { name: "EMPTY" },
    ];
    const args = ["--api-key", "$(OPENAI_API_KEY)", "--key-file=/run/secrets/key", "--port", "8080"];
    expect(await ask(noPlainSecrets, deployment({ container: { env, args } }))).toEqual({ violations: [] });
    expect(await ask(noPlainSecrets, configMap({ data: { AI_PROVIDER: "openai" }, binaryData: { a: "AQID" } }))).toEqual({
      violations: [],
    });
    const secret = { type: "kubernetes:core/v1:Secret", inputs: { stringData: { OPENAI_API_KEY: "key" } } };
    expect(await ask(noPlainSecrets, secret)).toEqual({ violations: [] });
  });

  it("refuses a secret in a pod's environment, by name or by what it is", async () => {
    const env = [
      { name: "DB_PASSWORD", value: "hunter2" },
      { name: "UPSTREAM", value: key },
    ];
    const reference = (name: string) => `{"name":"${name}","valueFrom":{"secretKeyRef":{"name":"<secret>","key":"${name}"}}}`;
    await refused(
      deployment({ container: { env } }),
      `${container}.env[0].value: is plain text, and its name says that it is a secret; expected a reference to a Secret\n    mend it with: in the program, ${container}.env[0] = ${reference("DB_PASSWORD")}`,
      `${container}.env[1].value: is plain text, and it has a key of Google's in it; expected a reference to a Secret\n    mend it with: in the program, ${container}.env[1] = ${reference("UPSTREAM")}`,
    );
  });

  it("refuses a secret in arguments and commands, in one word or two", async () => {
    const command = ["shop", "--db=postgres://shop:hunter2@db/shop"];
    const args = ["--api-key", "hunter2", "--password=hunter2"];
    const by = (path: string, why: string) =>
      `${container}.${path}: is plain text, and ${why}; expected a variable, $(NAME), whose value is in a Secret\n    mend it with: in the program, ${container}.${path} = "$(NAME)"`;
    await refused(
      deployment({ container: { command, args } }),
      by("command[1]", "it has an address with a password in it"),
      by("args[1]", "its name says that it is a secret"),
      by("args[2]", "it has a value for password in it"),
    );
  });

  it("asks containers that start first, and what makes jobs", async () => {
    const initContainers = [{ env: [{ name: "DB_PASSWORD", value: "hunter2" }] }];
    const cron = {
      type: "kubernetes:batch/v1:CronJob",
      inputs: { spec: { jobTemplate: { spec: { template: { spec: { initContainers } } } } } },
    };
    const { violations } = await ask(noPlainSecrets, cron);
    expect(violations.map((each) => each.split(":")[0])).toEqual(["spec.jobTemplate.spec.template.spec.initContainers[0].env[0].value"]);
  });

  it("refuses a secret in a ConfigMap, alone or in a file", async () => {
    const by = (path: string, why: string) =>
      `${path}: is plain text, and ${why}; expected it in a Secret instead\n    mend it with: in the program, delete ${path}`;
    const data = { OPENAI_API_KEY: "hunter2", "app.properties": "retries=3\ndb.password=hunter2\n" };
    await refused(
      configMap({ data, binaryData: { "keys.json": Buffer.from('{"apiKey":"hunter2"}').toString("base64") } }),
      by("data.OPENAI_API_KEY", "its name says that it is a secret"),
      by('data["app.properties"]', "it has a value for db.password in it"),
      by('binaryData["keys.json"]', "it has a value for apiKey in it"),
    );
  });

  it("never quotes what it found", async () => {
    const all = deployment({ container: { env: [{ name: "A_KEY", value: "hunter2" }], args: [`--key=${key}`] } });
    const { violations } = await ask(noPlainSecrets, all);
    expect(violations).toHaveLength(2);
    expect(violations.join()).not.toMatch(/hunter2|AIza/);
  });

  it("says what is not known, and still what is plain", async () => {
    const env = [
      { name: "HOST", value: unknown },
      { name: "DB_PASSWORD", value: "hunter2" },
    ];
    const { violations, unknown: said } = await ask(noPlainSecrets, deployment({ container: { env } }));
    expect(violations).toHaveLength(1);
    expect(said).toBe("string value at .spec.template.spec.containers.0.env.0.value can't be known during preview");
  });
});
