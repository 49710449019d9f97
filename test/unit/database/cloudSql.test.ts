import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cloudSql } from "../../../components/database/cloudSql.ts";

let folder: string;

/** A stand-in of gcloud: notes its arguments, and has one backup once it was told to create one. Nothing leaves this machine. */
const standIn = (at: string) => `#!/bin/bash
echo "$*" >> ${at}/calls
if [ -e ${at}/fails ] && [[ "$*" == *"$(cat ${at}/fails)"* ]]; then echo "ERROR: (gcloud.sql) HTTPError 409: another operation is in progress" >&2; exit 1; fi
case "$3" in
  create) touch ${at}/there; echo "[https://sqladmin.googleapis.com/sql/v1beta4/projects/acme/instances/shop] backed up." >&2;;
  list) if [ -e ${at}/there ]; then echo 1732190401000; fi;;
  describe) echo 2026-11-21T12:00:01.000Z;;
  restore) echo "Restored [https://sqladmin.googleapis.com/sql/v1beta4/projects/acme/instances/shop]." >&2;;
esac
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gcloud-"));
  writeFileSync(join(folder, "gcloud"), standIn(folder));
  chmodSync(join(folder, "gcloud"), 0o755);
});

afterEach(() => rmSync(folder, { recursive: true }));

async function run([program = "", ...args]: readonly string[], env: Record<string, string>) {
  const at = { PATH: `${folder}:${process.env.PATH}`, INSTANCE: "shop", SCRATCH_INSTANCE: "shop-scratch", ...env };
  const { exitCode, stdout, stderr } = await execa(program, args, { env: at, extendEnv: false, reject: false });
  const calls = existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").trim().split("\n") : [];
  return { exitCode, found: stdout.trim().split("\n").at(-1) ?? "", calls, said: stderr.trim().split("\n").at(-1) };
}

const backUp = (env: Record<string, string> = {}) => run(cloudSql.backup, { BACKUP: "shop-database-1a2b3c4d5e", ...env });

describe("a backup of Cloud SQL", () => {
  it("is made, found by its description, and restored into the scratch instance", async () => {
    const { exitCode, found, calls } = await backUp();
    expect(exitCode).toBe(0);
    expect(JSON.parse(found)).toEqual({
      file: "1732190401000",
      takenAt: "2026-11-21T12:00:01.000Z",
      restoredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(calls).toEqual([
      "sql backups create --instance=shop --description=shop-database-1a2b3c4d5e --quiet",
      "sql backups list --instance=shop --filter=description=shop-database-1a2b3c4d5e AND status=SUCCESSFUL --sort-by=~endTime --limit=1 --format=value(id)",
      "sql backups describe 1732190401000 --instance=shop --format=value(endTime)",
      "sql backups restore 1732190401000 --backup-instance=shop --restore-instance=shop-scratch --quiet",
    ]);
  });

  it("is none where it is not made, or not restored", async () => {
    for (const [command, made] of [
      ["create", 1],
      ["restore", 5],
    ] as const) {
      writeFileSync(join(folder, "fails"), `backups ${command}`);
      const { exitCode, found, calls, said } = await backUp();
      expect({ exitCode, found, said }).toEqual({
        exitCode: 1,
        found: "",
        said: "ERROR: (gcloud.sql) HTTPError 409: another operation is in progress",
      });
      expect(calls).toHaveLength(made);
    }
  });

  it("is none where the list does not have it", async () => {
    writeFileSync(join(folder, "gcloud"), standIn(folder).replace("touch", ": touch"));
    const { exitCode, said } = await backUp();
    expect([exitCode, said]).toEqual([
      1,
      "shop has no successful backup with the description shop-database-1a2b3c4d5e; look with: gcloud sql backups list --instance=shop",
    ]);
  });

  it("is refused, before anything, where its trial restore would overwrite the instance in use or has none to go to", async () => {
    expect(await backUp({ SCRATCH_INSTANCE: "shop" })).toEqual({
      exitCode: 1,
      found: "",
      calls: [],
      said: "SCRATCH_INSTANCE is shop, the instance in use, which the trial restore would overwrite; name another one",
    });
    const nowhere = await backUp({ SCRATCH_INSTANCE: "" });
    expect(nowhere.calls).toEqual([]);
    expect(nowhere.said).toMatch(
      /SCRATCH_INSTANCE: names no instance that a trial restore may overwrite; set database\.managed\.env\.SCRATCH_INSTANCE$/,
    );
  });
});

describe("a restore of Cloud SQL", () => {
  it("brings the backup that the stack names into the instance in use", async () => {
    const { exitCode, found, calls } = await run(cloudSql.restore, { BACKUP: "1732190401000" });
    expect([exitCode, JSON.parse(found)]).toEqual([0, { file: "1732190401000" }]);
    expect(calls).toEqual(["sql backups restore 1732190401000 --restore-instance=shop --quiet"]);
  });

  it("fails where gcloud does", async () => {
    writeFileSync(join(folder, "fails"), "backups restore");
    expect((await run(cloudSql.restore, { BACKUP: "1732190401000" })).exitCode).toBe(1);
  });
});

it("no command has what a container's arguments would take for one of its variables", () => {
  // $(NAME) is replaced where NAME is a variable of the container.
  expect([...cloudSql.backup, ...cloudSql.restore].join("\n")).not.toMatch(/\$\([A-Za-z_][\w.-]*\)/);
});
