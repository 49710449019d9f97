import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { checkLevers, leverProblems } from "../../../components/levers/check.ts";
import { RollbackPlan } from "../../../components/rollbackPlan.ts";
import chat from "../../../stacks/chat.ts";
import wabot from "../../../stacks/wabot.ts";
import { image } from "../guards/shop.ts";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

const cache = { url: "redis://redis:6379/0", passwordSecret: { name: "stores", key: "redis-password" } };
const levers = (of: unknown) => ({
  system: "wabot",
  environment: "development",
  aiProvider: "openai",
  stable: { image: image("a") },
  credentials: { openai: { apiKey: "sk-one" } },
  cache: of,
});
const problems = (of: unknown) => leverProblems(wabot, levers(of)).map(({ path, message, command }) => `${path}: ${message} | ${command}`);

describe("the lever cache", () => {
  it("is the plan's own business where a stack does not set it", () => {
    expect(checkLevers(wabot, levers({}), "s").cache).toBeUndefined();
    expect(checkLevers(wabot, levers(cache), "s").cache).toEqual(cache);
  });

  it("names everything that is missing, each with the command that sets it", () => {
    expect(problems({ passwordSecret: { name: "stores" } })).toEqual([
      "cache.url: missing; expected an address without a password, like redis://redis:6379/0 | pulumi config set --path cache.url redis://<host>:6379/0",
      "cache.passwordSecret.key: missing; expected a key of that Secret | pulumi config set --path cache.passwordSecret.key <key>",
    ]);
  });

  it("refuses an address with a password, and prints none of it", () => {
    const found = problems({ ...cache, url: "redis://:hunter2@redis:6379/0" });
    expect(found).toEqual([expect.stringMatching(/^cache\.url: has a password, which everyone can read in the stack's file; replace it/)]);
    expect(found.join()).not.toContain("hunter2");
  });

  it("is refused for a plan without a cache", () => {
    expect(leverProblems(chat, { ...levers(cache), system: "chat" }).filter(({ path }) => path === "cache")).toEqual([
      {
        path: "cache",
        message: "the plan of chat has no cache; add cache: { … } to stacks/chat.ts first",
        command: "pulumi config rm cache",
      },
    ]);
  });
});

interface Pod {
  securityContext: Record<string, unknown>;
  volumes: unknown[];
  containers: { env: unknown[]; volumeMounts: unknown[] }[];
}

/** By the name of what they are of: the service and its workers, and the tasks, whose names end in a hash. */
async function pods(of: unknown): Promise<Record<string, Pod>> {
  const made: Record<string, Pod> = {};
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (/:(Deployment|Job)$/.test(type)) made[name.replace(/-[0-9a-f]{8,}$/, "")] = inputs.spec.template.spec;
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    "rollback-stacks",
    "cache-test",
  );
  new RollbackPlan("wabot", { plan: wabot, levers: checkLevers(wabot, levers(of), "s"), last: undefined });
  await waitForRPCs();
  return made;
}

describe("B1, B3: the app's pods, its workers and the task that empties the cache", () => {
  it("find it by the plan's variables, and its password in a file that only they can read", async () => {
    const made = await pods(cache);
    const secret = { secretName: "stores", items: [{ key: "redis-password", path: "redis-password" }], defaultMode: 0o440 };
    for (const name of ["wabot", "wabot-worker", "wabot-flush-redis"]) {
      const { containers, volumes, securityContext } = made[name] as Pod;
      expect(containers[0]?.env).toEqual(
        expect.arrayContaining([
          { name: "REDIS_URL", value: "redis://redis:6379/0" },
          { name: "REDIS_PASSWORD_FILE", value: "/etc/cache/redis-password" },
        ]),
      );
      expect(volumes).toContainEqual({ name: "cache", secret });
      expect(containers[0]?.volumeMounts).toContainEqual({ name: "cache", mountPath: "/etc/cache", readOnly: true });
      expect(securityContext.fsGroup).toBe(65532);
    }
  });

  it("are told nothing of a cache that the stack does not have", async () => {
    expect(JSON.stringify(await pods(undefined))).not.toMatch(/redis_|etc\/cache|fsGroup/i);
  });
});
