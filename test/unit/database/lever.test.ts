import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { forwardMoves } from "../../../components/guards/direction.ts";
import { checkLevers, leverProblems } from "../../../components/levers/check.ts";
import { misplacedSecrets } from "../../../components/levers/secrecy.ts";
import { definePlan, PlanError, type PlanInput } from "../../../components/plan/plan.ts";
import { RollbackPlan } from "../../../components/rollbackPlan.ts";
import mindmend from "../../../stacks/mindmend.ts";
import watibot from "../../../stacks/watibot.ts";
import { image, leversOf, recordOf, shop } from "../guards/shop.ts";

// Left out of the SDK's types, though it is what tells that every registration has ended.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

const database = {
  revision: "0002",
  image: image("d"),
  url: "postgresql://app@postgresql:5432/app",
  passwordSecret: { name: "stores", key: "postgresql-password" },
  backups: "backups",
};
const levers = (of: Record<string, unknown> = database) => ({
  system: "mindmend",
  environment: "development",
  aiProvider: "openai",
  stable: { image: image("a") },
  credentials: { openai: { apiKey: "sk-one" } },
  database: of,
});
const problems = (of: Record<string, unknown>) =>
  leverProblems(mindmend, levers(of)).map(({ path, message, command }) => `${path}: ${message} | ${command}`);
const without = (key: keyof typeof database) => Object.fromEntries(Object.entries(database).filter(([name]) => name !== key));

describe("the lever database", () => {
  it("is the plan's own business where a stack does not set it", () => {
    expect(checkLevers(mindmend, { ...levers(), database: undefined }, "s").database).toBeUndefined();
    expect(checkLevers(mindmend, levers({}), "s").database).toBeUndefined();
    expect(checkLevers(mindmend, levers(), "s").database).toEqual(database);
  });

  it("knows the plan's revisions alone, and tells what YAML makes of one without quotes", () => {
    expect(problems({ ...database, revision: "0003" })).toEqual([
      'database.revision: "0003" is no revision of this plan. Did you mean 0001? There are 0001, 0002. | pulumi config set --path database.revision 0001',
    ]);
    expect(problems({ ...database, revision: 2 })).toEqual([
      'database.revision: "2" is no revision of this plan. There are 0001, 0002. | pulumi config set --path database.revision <revision of this plan>',
    ]);
  });

  it("names everything that is missing, each with the command that sets it", () => {
    expect(problems({ revision: "0001" })).toEqual([
      "database.image: missing | pulumi config set --path database.image <name@sha256:digest>",
      "database.url: missing; expected an address without a password, like postgresql://app@postgresql:5432/app | pulumi config set --path database.url postgresql://<user>@<host>:5432/<database>",
      "database.passwordSecret: missing; expected { name, key } | pulumi config set --path database.passwordSecret.name <secret>",
    ]);
    expect(problems(without("backups"))).toEqual([]);
  });

  it("B4: takes a bucket for the backups where the stack has a project in Google Cloud, and says what is missing where not", () => {
    const bucket = { ...database, backups: "gs://shop-backups" };
    const inCloud = { ...levers(bucket), gcp: { project: "shop-prod-1" } };
    expect(leverProblems(mindmend, inCloud)).toEqual([]);
    expect(checkLevers(mindmend, inCloud, "s").database?.backups).toBe("gs://shop-backups");
    const missing =
      "database.backups: gs://shop-backups is a bucket of Google Cloud, and the stack names no project; expected gcp.project, or the name of a PersistentVolumeClaim | pulumi config set --path gcp.project <project-id>";
    expect(problems(bucket)).toEqual([missing]);
    expect(leverProblems(mindmend, { ...levers(bucket), gcp: {} })).toHaveLength(1);
  });

  it.each(["gs://", "gs://Shop", "gs://_", "gs://shop/folder", "s3://shop", "Backups"])("refuses %s for the backups", (backups) => {
    expect(leverProblems(mindmend, { ...levers({ ...database, backups }), gcp: { project: "shop-prod-1" } })).toEqual([
      {
        path: "database.backups",
        message: `expected the name of a PersistentVolumeClaim, or of a bucket as gs://<bucket>, got "${backups}"`,
        command: "pulumi config set --path database.backups <claim>",
      },
    ]);
  });

  it("says how many backups are kept: one at least", () => {
    expect(problems({ ...database, keepBackups: "7" })).toEqual([]);
    expect(problems({ ...database, keepBackups: 0 })).toEqual([
      "database.keepBackups: expected a whole number from 1 to 1000, got 0 | pulumi config set --path database.keepBackups <value>",
    ]);
  });

  it("says what a managed database's backups are made with, and leaves them to its provider", () => {
    const managed = { image: image("7"), env: { INSTANCE: "shop" } };
    expect(problems({ ...without("backups"), managed, restore: "1732190401000" })).toEqual([]);
    expect(problems({ ...database, managed, keepBackups: 3 })).toEqual([
      "database.backups: a managed database's backups are its provider's; expected one of backups and managed | pulumi config rm --path database.backups",
      "database.keepBackups: a managed database's backups are its provider's, which keeps and deletes them | pulumi config rm --path database.keepBackups",
    ]);
    expect(problems({ ...database, restore: "1732190401000" })).toEqual([
      'database.restore: expected the file name of a backup, like 2026-11-21T12-00-01-000Z-30c25e633508.dump, got "1732190401000" | pulumi config set --path database.restore <backup>.dump',
    ]);
    const own = { ...levers({ ...without("backups"), managed }), system: "watibot" };
    expect(leverProblems(watibot, own).map(({ path, message }) => `${path}: ${message}`)).toContain(
      "database.managed: the plan of watibot has no commands for it; add database.managed to stacks/watibot.ts first",
    );
  });

  it("refuses an address with a password, and prints none of it", () => {
    for (const url of ["postgres://app:hunter2@db/app", "postgres://app@db/app?password=hunter2"]) {
      const found = problems({ ...database, url });
      expect(found).toEqual([
        expect.stringMatching(/^database\.url: has a password, which everyone can read in the stack's file; replace it/),
      ]);
      expect(found.join()).not.toContain("hunter2");
    }
    expect(problems({ ...database, url: "mysql://db/app" })).toEqual([
      expect.stringMatching(/^database\.url: expected an address without a password, .*, got "mysql:\/\/db\/app"/),
    ]);
  });

  it("takes the name of a backup, and no path out of the backups' folder", () => {
    expect(problems({ ...database, restore: "2026-11-21T12-00-01-000Z-30c25e633508.dump" })).toEqual([]);
    for (const restore of ["../stolen.dump", "/etc/passwd", "backup.sql"]) {
      expect(problems({ ...database, restore })).toEqual([
        expect.stringMatching(
          /^database\.restore: expected the file name of a backup, .* \| pulumi config set --path database\.restore <backup>\.dump$/,
        ),
      ]);
    }
  });

  it("is refused for a plan without a database, and where it is no map", () => {
    expect(leverProblems(shop, { ...levers(), system: "shop" }).filter(({ path }) => path === "database")).toEqual([
      {
        path: "database",
        message: "the plan of shop has no database; add database: { … } to stacks/shop.ts first",
        command: "pulumi config rm database",
      },
    ]);
    expect(problems("0001" as never)).toEqual([
      'database: expected { revision, restore, image, url, passwordSecret, backups, managed, keepBackups }, got "0001" | pulumi config rm database',
    ]);
  });

  it("is no secret: everyone reads in the stack's file which revision a rollback sets", () => {
    const found = misplacedSecrets({ database }, { isSecret: () => true, stackFile: "revision: secure: v1:abc" });
    expect(found.map(({ path }) => path)).toContain("database.revision");
  });

  it("moves forward to a newer revision, and not to an older one or to an earlier backup", () => {
    const from = leversOf(mindmend, levers());
    const moves = (now: Record<string, unknown>, before: Record<string, unknown>) => {
      const last = recordOf(mindmend, leversOf(mindmend, levers(before)), undefined, new Date());
      return forwardMoves({ plan: mindmend, levers: leversOf(mindmend, levers(now)), last });
    };
    expect(from.database?.revision).toBe("0002");
    expect(moves(database, { ...database, revision: "0001" })).toEqual(["database.revision"]);
    expect(moves({ ...database, revision: "0001" }, database)).toEqual([]);
    expect(moves({ ...database, restore: "earlier.dump" }, database)).toEqual([]);
    expect(moves({ ...database, url: "postgresql://app@other/app" }, database)).toEqual(["database.url"]);
  });
});

describe("a plan's database", () => {
  const refused = (change: (plan: PlanInput) => void): string[] => {
    const input = structuredClone(mindmend) as PlanInput;
    change(input);
    try {
      definePlan(input);
      return [];
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      return error.message
        .split("\n")
        .slice(1)
        .map((line) => line.trim());
    }
  };

  it("is refused where it contradicts itself or the rest of the plan", () => {
    expect(
      refused(({ database }) => {
        database?.revisions.push({ name: "0001", title: "Again" });
        Object.assign(database ?? {}, { commands: { current: ["migrate"], to: ["migrate", "down"] }, settings: { AI_TIMEOUT_MS: "1" } });
      }),
    ).toEqual([
      "database.settings.AI_TIMEOUT_MS: AI_TIMEOUT_MS is set by settings.aiTimeoutMs.env too",
      "database.revisions[2].name: 0001 is there twice, the first time as entry 0",
      "database.commands.to: does not say where the revision goes; expected {revision} in it",
    ]);
  });

  it("has to be there for a level that sets its revision", () => {
    const found = refused((plan) => {
      delete plan.database;
      Object.assign(plan.levels.flag ?? {}, { steps: [{ levers: [{ path: "database.revision", value: "0001" }] }] });
    });
    expect(found).toContain("levels.flag.steps[0].levers[0]: database.revision cannot be pulled, since the plan has no database");
  });

  it("does not change in a step that takes a track away, whose pods would still write", () =>
    expect(
      refused(({ levels }) => {
        const [first, second] = levels.database?.steps ?? [];
        Object.assign(levels.database ?? {}, { steps: [{ levers: [...(first?.levers ?? []), ...(second?.levers ?? [])] }] });
      }),
    ).toEqual(["levels.database.steps[0]: canary is taken away while database.revision changes; expected a step of its own before"]));
});

interface Pod {
  securityContext: Record<string, unknown>;
  volumes: unknown[];
  containers: { env: { name: string; value?: string }[]; volumeMounts: unknown[] }[];
}

async function stablePod(of: Record<string, unknown> | undefined): Promise<Pod> {
  const pods: Record<string, Pod> = {};
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (type === "kubernetes:apps/v1:Deployment") pods[name] = inputs.spec.template.spec;
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    "rollback-stacks",
    "database-test",
  );
  new RollbackPlan("mindmend", { plan: mindmend, levers: checkLevers(mindmend, { ...levers(), database: of }, "s"), last: undefined });
  await waitForRPCs();
  return pods["mindmend-backend"] as Pod;
}

describe("the app's pods", () => {
  it("find the database by the plan's variables, and its password in a file that only they can read", async () => {
    const { containers, volumes, securityContext } = await stablePod(database);
    const secret = { secretName: "stores", items: [{ key: "postgresql-password", path: "postgresql-password" }], defaultMode: 0o440 };
    expect(containers[0]?.env).toEqual(
      expect.arrayContaining([
        { name: "DATABASE_URL", value: "postgresql://app@postgresql:5432/app" },
        { name: "DATABASE_PASSWORD_FILE", value: "/etc/database/postgresql-password" },
        { name: "DATABASE_TABLES", value: "mindmend" },
      ]),
    );
    expect(volumes).toContainEqual({ name: "database", secret });
    expect(containers[0]?.volumeMounts).toContainEqual({ name: "database", mountPath: "/etc/database", readOnly: true });
    expect(securityContext.fsGroup).toBe(65532);
  });

  it("are told nothing of a database that the stack does not have", async () => {
    const pod = JSON.stringify(await stablePod(undefined));
    expect(pod).not.toMatch(/database|fsGroup/i);
  });
});
