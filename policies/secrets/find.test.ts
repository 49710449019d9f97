import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { secretBy, secretIn } from "./find.ts";

/** In parts, so that no scanner takes this file's samples for keys of somebody. */
const joined = (...parts: string[]): string => parts.join("");
const random = (seed: number, bytes: number): Buffer => createHash("shake256", { outputLength: bytes }).update(`${seed}`).digest();
const letters = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6kL9nO2qR5tU8";

const keys: [what: string, key: string][] = [
  ["OpenAI or Anthropic", joined("sk-", "proj-", letters)],
  ["OpenAI or Anthropic", joined("sk-", "ant-api03-", letters)],
  ["OpenAI or Anthropic", joined("sk-", letters)],
  ["Google", joined("AIza", "SyA-1234567890abcdefghijklmnopqrstuv")],
  ["GitHub", joined("ghp_", letters.slice(0, 36))],
  ["GitHub", joined("github_pat_", letters)],
  ["GitLab", joined("glpat-", letters.slice(0, 20))],
  ["AWS", joined("AKIA", "IOSFODNN7EXAMPLE")],
  ["Slack", joined("xoxb-", "123456789012-abcdefghij")],
  ["Slack", joined("https://hooks.slack.com/", "services/T000/B000/abcdefghijkl")],
  ["Stripe", joined("sk_", "live_", letters.slice(0, 24))],
  ["SendGrid", joined("SG.", letters.slice(0, 22), ".", letters.slice(0, 43))],
  ["Twilio", joined("SK", "0123456789abcdef0123456789abcdef")],
  ["Hugging Face", joined("hf_", "abcdefghijklmnopqrstuvwxyzABCDEFGH")],
  ["npm", joined("npm_", letters.slice(0, 36))],
  ["Pulumi", joined("pul-", "0123456789abcdef0123456789abcdef01234567")],
  ["JSON web token", joined("eyJhbGciOiJIUzI1NiJ9", ".", "eyJzdWIiOiIxMjM0In0", ".", "dozjgNryP4J3jVmNHl0w5N")],
  ["private key", joined("-----BEGIN ", "RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----")],
  ["address with a password", "postgres://shop:s3cret@db.example:5432/shop"],
  ["address with a password", "redis://:s3cret@cache.example:6379"],
  ["authorization header", "Authorization: Bearer abcdefghijklmnopqrstuvwxyz"],
];

describe("a secret", () => {
  it.each(keys)("of %s is known by its format, whatever its name", (what, key) => {
    expect(secretBy("VALUE", key)).toMatch(new RegExp(`^it has .*${what}`, "i"));
    expect(secretIn(`before ${key} after`)).toMatch(/^it has /);
  });

  it.each([
    "OPENAI_API_KEY",
    "openaiApiKey",
    "DB_PASSWORD",
    "SESSION_SECRET",
    "GITHUB_TOKEN",
    "TOKEN",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "API_KEYS",
  ])("is known by its name, %s", (name) => {
    expect(secretBy(name, "abc")).toBe("its name says that it is a secret");
  });

  it.each([
    '{"db":{"password":"abc"}}',
    "spring.datasource.password=abc",
    "apiKey: abc",
    "--api-key=abc",
    "x?access_token=abc",
    "client_secret = abc",
  ])("is known by the name before it in a text: %s", (text) => {
    expect(secretIn(text)).toMatch(/^it has a value for .* in it$/);
  });

  it("is known by being random, as 99 of 100 keys of every usual length are", () => {
    for (const bytes of [20, 24, 32, 48, 64]) {
      const found = Array.from({ length: 1000 }, (_, seed) => random(seed, bytes).toString("base64url")).filter((key) => secretIn(key));
      expect(found.length).toBeGreaterThanOrEqual(990);
    }
  });

  it("is known when it was only encoded", () => {
    const encoded = Buffer.from('{"password":"abc"}, which nobody can read').toString("base64");
    expect(secretIn(encoded)).toBe("it has a value for password in it, in Base64");
  });

  it("is never told", () => {
    for (const [, key] of keys) expect(secretBy("OPENAI_API_KEY", key)).not.toContain(key);
    expect(secretIn("password=hunter2")).not.toContain("hunter2");
  });
});

describe("no secret", () => {
  const sha256 = createHash("sha256").update("shop").digest();
  const pem = (what: string) => `-----BEGIN ${what}-----\n${random(0, 300).toString("base64")}\n-----END ${what}-----`;

  it.each([
    ["a digest", `registry.example/shop@sha256:${sha256.toString("hex")}`],
    ["a checksum", sha256.toString("hex")],
    ["an integrity digest", `sha512-${createHash("sha512").update("shop").digest("base64")}`],
    ["a commit", createHash("sha1").update("shop").digest("hex")],
    ["a UUID", "123e4567-e89b-42d3-a456-426614174000"],
    ["a ULID", "01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["a time", "2026-11-21T10:00:00.000Z"],
    ["a long address", `https://storage.example/v0/b/shop-assets/o/${random(0, 24).toString("base64url")}?alt=media&page=2`],
    ["an address with a port", "http://shop.default.svc.cluster.local:8080/api/v1/sessions"],
    ["an address with a user", "postgres://shop@db.example:5432/shop"],
    ["an address with a reference", "postgres://shop:$(DB_PASSWORD)@db.example:5432/shop"],
    ["a model", "meta-llama/Llama-3.1-405B-Instruct-FP8"],
    ["a model of a cloud", "projects/shop-prod-1/locations/us-central1/publishers/google/models/gemini-2.5-flash-preview-09-2025"],
    ["a file of a library", "/opt/venv/lib/python3.12/site-packages/UniversalDetector2/CharsetProber.py"],
    ["an identifier", "ReferenceResolutionForTenantsV2Enabled"],
    ["configuration in Base64", Buffer.from('{"retries": 3, "model": "gpt-4o-mini", "names": ["a", "b"]}').toString("base64")],
    ["text in Base64", Buffer.from("Grüße, und willkommen in unserem Laden!").toString("base64")],
    ["an image", `data:image/png;base64,${random(0, 120).toString("base64")}`],
    ["a certificate", pem("CERTIFICATE")],
    ["a public key", pem("PUBLIC KEY")],
    ["a key to log in by", `ssh-ed25519 ${random(0, 60).toString("base64")} somebody@example`],
    ["a connection without a password", "host=db.example port=5432 user=shop sslmode=require"],
    ["where a password is found", "passwordFile: /run/secrets/db"],
    ["a schema", '{"password": {"type": "string"}, "apiKey": "string"}'],
    ["a script that takes it from elsewhere", 'export API_KEY="$(cat /run/secrets/key)" && exec shop'],
    ["a command", "node --max-old-space-size=256 /app/server.mjs --port=8080"],
    ["prose", "The assistant must never tell a password: it asks for a token, once, and forgets the key."],
    ["a query", 'sum(rate(http_requests_total{code=~"5.."}[5m])) by (version) / 2 > 0.05'],
    ["flags", '{"flags":{"retryLogic":{"targeting":{"fractional":[{"var":"targetingKey"},["on",50],["off",50]]}}}}'],
  ])("is %s", (_, text) => {
    expect(secretBy("VALUE", text)).toBeUndefined();
  });

  it.each([
    ["MAX_TOKENS", "4096"],
    ["MAX_TOKEN", "4096"],
    ["API_KEY", ""],
    ["API_KEY", "$(OTHER)"],
    ["USE_SECRET", "false"],
    ["SECRET_NAME", "shop-openai"],
    ["TOKEN_URL", "https://login.example/token"],
    ["PASSWORD_MIN_LENGTH", "12"],
    ["PASSWORD_FILE", "/run/secrets/db"],
    ["GOOGLE_APPLICATION_CREDENTIALS", "/var/run/credentials.json"],
    ["CACHE_KEY", "sessions"],
    ["SORT_KEY", "created"],
    ["PUBLIC_KEY", "abc"],
    ["STRIPE_PUBLISHABLE_KEY", "pk_live_abc"],
    ["KEYBOARD", "qwerty"],
    ["MONKEY", "yes"],
    ["PWD", "/app"],
    ["API_KEY_HEADER", "x-api-key"],
  ])("is %s=%s", (name, value) => {
    expect(secretBy(name, value)).toBeUndefined();
  });

  it("is a name of a resource, with whatever hash it ends in", () => {
    for (let count = 0; count < 1000; count++)
      expect(secretIn(`mindmend-verification-${random(count, 5).toString("hex")}-${random(count + 1, 3).toString("hex")}`)).toBeUndefined();
  });
});
