import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Props } from "../../../tools/kubernetes-provider/values.ts";
import { gatewayApiManifest } from "../../../tools/setup/parts/gateway-api.ts";
import { prerequisites, rows } from "./conformance/kinds.ts";
import { asServed, merge, type Row, undone } from "./conformance/row.ts";
import { apartFromStatus, idOf, keyOf, kindOf, look, type Snapshot } from "./conformance/server.ts";
import { standIns } from "./conformance/standIns.ts";
import { type Column, Table } from "./conformance/table.ts";
import { type EngineRun, engineRun } from "./engineRun.ts";
import { newStack, type TestStack } from "./stack.ts";
import { newTestCluster, type TestCluster } from "./testCluster.ts";

const replacement = (firstOld: boolean): string[] =>
  firstOld ? ["delete-replaced", "replace", "create-replacement"] : ["create-replacement", "replace", "delete-replaced"];

describe("the conformance table", () => {
  let on: TestCluster;
  let stack: TestStack;
  let endStandIns = (): void => {};
  let kinds: Row[];
  /** What the program declares at the moment, by resource name. */
  let declared: Map<string, Props>;
  let server: Snapshot;
  const previews: { operation: string; before: Snapshot; after: Snapshot }[] = [];
  /** Tests have names before there is a cluster. */
  const titles = rows("", "").map(({ title, name }) => ({ title, name }));
  const table = new Table(titles.map(({ title }) => title));

  beforeAll(async () => {
    on = await newTestCluster();
    stack = await newStack("objects", on.cluster.kubeconfig);
    await on.kubectl("apply", "--server-side", "-f", gatewayApiManifest);
    await apply("prerequisites", prerequisites("conform", "imported"));
    await on.kubectl("wait", "--for=condition=Established", "--timeout=60s", "customresourcedefinitions", "--all");
    endStandIns = await standIns(on.cluster.kubeconfig);
    kinds = rows("conform", on.image);
    declare(kinds, ({ object }) => object);
  });
  afterAll(async () => {
    console.log(`\n${table}\n`);
    endStandIns();
    stack?.close();
    await on?.close();
  });

  const declare = (rows: Row[], object: (row: Row) => Props, options?: (object: Props) => object): void => {
    declared = new Map(rows.map((row) => [row.name, object(row)]));
    stack.declare([...declared].map(([name, object]) => ({ name, object, options: options?.(object) })));
  };
  const change = (to: (row: Row) => Props): void => declare(kinds, (row) => merge(declared.get(row.name) as Props, to(row)));
  const apply = async (name: string, objects: Props[]): Promise<void> => {
    const file = join(stack.folder, `${name}.json`);
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
    await on.kubectl("apply", "-f", file);
  };
  const see = async (): Promise<Snapshot> => {
    server = await look(on, [...declared.values()]);
    return server;
  };
  const preview = async (operation: string, ...command: string[]): Promise<EngineRun> => {
    const before = await see();
    const run = await engineRun(stack, ...command, ...stack.config());
    previews.push({ operation, before, after: await see() });
    return run;
  };
  const up = async (): Promise<EngineRun> => {
    const run = await engineRun(stack, "up", "--yes", "--skip-preview", ...stack.config());
    await see();
    return run;
  };
  const liveOf = (name: string) => server.get(keyOf(declared.get(name) as Props));

  /** A test for every kind. */
  const cells = (column: Column, assertions: (row: Row) => void): void => {
    it.each(titles)("$title", ({ title, name }) => {
      table.cell(title, column, () => assertions(kinds.find((row) => row.name === name) as Row));
    });
  };
  const expectDone = (run: EngineRun, name: string, ops: string[], paths: string[] = []): void => {
    const told = run.of(name);
    expect(told.errors).toEqual([]);
    expect(told.ops).toEqual(ops);
    const [op = ""] = ops.filter((candidate) => candidate === "replace" || candidate === "update");
    expect(told.paths[op] ?? []).toEqual(paths);
  };
  const expectServed = (name: string): void => expect(liveOf(name)).toMatchObject(asServed(declared.get(name) as Props));

  describe("create", () => {
    let previewed: EngineRun;
    let done: EngineRun;
    let ids: Map<string, string>;
    beforeAll(async () => {
      previewed = await preview("create", "preview");
      done = await up();
      ids = await stateIds();
    });
    cells("create", ({ name }) => {
      expectDone(previewed, name, ["create"]);
      expectDone(done, name, ["create"]);
      expectServed(name);
      expect(ids.get(name)).toBe(idOf(declared.get(name) as Props));
    });
  });

  describe("no-op", () => {
    let previewed: EngineRun;
    let done: EngineRun;
    let before: Snapshot;
    beforeAll(async () => {
      previewed = await preview("no-op", "preview");
      before = server;
      done = await up();
    });
    cells("no-op", ({ name }) => {
      expectDone(previewed, name, ["same"]);
      expectDone(done, name, ["same"]);
      const key = keyOf(declared.get(name) as Props);
      expect(apartFromStatus(server.get(key))).toEqual(apartFromStatus(before.get(key)));
    });
  });

  describe("update", () => {
    let previewed: EngineRun;
    let done: EngineRun;
    let settled: EngineRun;
    let uids: Map<string, string | undefined>;
    beforeAll(async () => {
      uids = new Map(kinds.map(({ name }) => [name, liveOf(name)?.metadata.uid]));
      change(({ update }) => update.patch);
      previewed = await preview("update", "preview");
      done = await up();
      settled = await engineRun(stack, "preview", ...stack.config());
    });
    cells("update", ({ name, update }) => {
      expectDone(previewed, name, ["update"], update.paths);
      expectDone(done, name, ["update"], update.paths);
      expectDone(settled, name, ["same"]);
      expectServed(name);
      expect(liveOf(name)?.metadata.uid).toBe(uids.get(name));
    });
  });

  describe("replace", () => {
    let previewed: EngineRun;
    let done: EngineRun;
    let settled: EngineRun;
    let before: Map<string, { key: string; uid?: string }>;
    beforeAll(async () => {
      before = new Map([...declared].map(([name, object]) => [name, { key: keyOf(object), uid: liveOf(name)?.metadata.uid }]));
      change(({ replace }) => replace.patch);
      previewed = await preview("replace", "preview");
      done = await up();
      settled = await engineRun(stack, "preview", ...stack.config());
    });
    cells("replace", ({ name, replace }) => {
      const old = before.get(name);
      const keepsItsName = old?.key === keyOf(declared.get(name) as Props);
      expectDone(previewed, name, replacement(keepsItsName), replace.paths);
      expectDone(done, name, replacement(keepsItsName), replace.paths);
      expectDone(settled, name, ["same"]);
      expectServed(name);
      expect(liveOf(name)?.metadata.uid).not.toBe(old?.uid);
      if (!keepsItsName) expect(server.has(old?.key ?? "")).toBe(false);
    });
  });

  describe("drift", () => {
    let previewed: EngineRun;
    let refreshed: EngineRun;
    let done: EngineRun;
    let settled: EngineRun;
    beforeAll(async () => {
      for (const { name, drift } of kinds) {
        const object = declared.get(name) as Props;
        const { name: named, namespace = "" } = object.metadata as { name: string; namespace?: string };
        const patch = ["--type=merge", "--patch", JSON.stringify(drift.patch)];
        await on.kubectl("patch", kindOf(object), named, "--namespace", namespace, ...patch);
      }
      // kubectl owns now what it changed; putting it back means taking it from there.
      process.env.PULUMI_K8S_ENABLE_PATCH_FORCE = "true";
      previewed = await preview("put back", "preview", "--refresh");
      refreshed = await engineRun(stack, "refresh", "--yes", "--skip-preview", "--config-file", stack.configFile);
      done = await up();
      delete process.env.PULUMI_K8S_ENABLE_PATCH_FORCE;
      settled = await engineRun(stack, "preview", "--refresh", ...stack.config());
    });
    cells("drift", ({ name, drift }) => {
      const steps = drift.paths.some((path) => path.includes("-replace")) ? replacement(true) : ["update"];
      expectDone(previewed, name, ["refresh", ...steps], undone(drift.paths));
      expect(previewed.of(name).paths.refresh).toEqual(drift.paths);
      expectDone(refreshed, name, ["refresh"]);
      expect(refreshed.of(name).paths.refresh).toEqual(drift.paths);
      expectDone(done, name, steps, undone(drift.paths));
      expectServed(name);
      expectDone(settled, name, ["refresh", "same"]);
      expect(settled.of(name).paths.refresh).toBeUndefined();
    });
  });

  describe("delete", () => {
    let previewed: EngineRun;
    let done: EngineRun;
    let ids: Map<string, string>;
    beforeAll(async () => {
      previewed = await preview("delete", "destroy", "--preview-only");
      done = await engineRun(stack, "destroy", "--yes", "--skip-preview", ...stack.config());
      await see();
      ids = await stateIds();
    });
    cells("delete", ({ name }) => {
      expectDone(previewed, name, ["delete"]);
      expectDone(done, name, ["delete"]);
      expect(liveOf(name)).toBeUndefined();
      expect([...ids.keys()]).not.toContain(name);
    });
  });

  describe("import", () => {
    let imported: EngineRun;
    let afterImport: EngineRun;
    let adopted: EngineRun;
    let afterAdoption: EngineRun;
    let changing: EngineRun;
    let changed: EngineRun;
    beforeAll(async () => {
      const made = rows("imported", on.image);
      const original = ({ object }: Row): Props => merge(object, { metadata: { labels: { left: "behind" } } });
      declare(made, original);
      await apply("imported", [...declared.values()]);
      const resources = [...declared].map(([name, object]) => ({ type: tokenOf(object), name, id: idOf(object), version: "4.28.0" }));
      const list = join(stack.folder, "import.json");
      writeFileSync(list, JSON.stringify({ resources }));
      const options = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
      imported = await engineRun(stack, "import", "--file", list, ...options, "--config-file", stack.configFile);
      afterImport = await preview("import", "preview");

      await stack.pulumi("state", "delete", "--all", "--yes");
      declare(made, original, (object) => ({ import: idOf(object) }));
      adopted = await up();
      declare(made, original);
      afterAdoption = await engineRun(stack, "preview", ...stack.config());

      declare(made, ({ object, update }) => merge(object, update.patch));
      changing = await preview("change what was imported", "preview");
      changed = await up();
    });
    cells("import", ({ name, update }) => {
      expectDone(imported, name, ["import"]);
      expectDone(afterImport, name, ["same"]);
      expectDone(adopted, name, ["import"]);
      expectDone(afterAdoption, name, ["same"]);
      const paths = ["delete metadata.labels.left", ...update.paths].sort();
      expectDone(changing, name, ["update"], paths);
      expectDone(changed, name, ["update"], paths);
      expectServed(name);
      expect(liveOf(name)?.metadata.labels).not.toHaveProperty("left");
    });
  });

  describe("preview changes nothing on the server", () => {
    cells("preview", ({ name }) => {
      const operations = ["create", "no-op", "update", "replace", "put back", "delete", "import", "change what was imported"];
      expect(previews.map(({ operation }) => operation)).toEqual(operations);
      const ofThis = ({ metadata }: { metadata: { labels?: Record<string, string> } }) => metadata.labels?.row === name;
      for (const { operation, before, after } of previews) {
        const pick = (snapshot: Snapshot) => [...snapshot.values()].filter(ofThis).map(apartFromStatus);
        expect(pick(after), operation).toEqual(pick(before));
        expect(pick(after)).toHaveLength(operation === "create" ? 0 : 1);
      }
    });
  });

  /** Ids in state by resource name. */
  async function stateIds(): Promise<Map<string, string>> {
    const { stdout } = await stack.pulumi("stack", "export");
    const { resources = [] } = JSON.parse(stdout).deployment as { resources?: { urn: string; id: string }[] };
    return new Map(resources.map(({ urn, id }) => [urn.split("::").at(-1) ?? "", id]));
  }
});

function tokenOf({ apiVersion, kind }: Props): string {
  return `kubernetes:${String(apiVersion).includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}
