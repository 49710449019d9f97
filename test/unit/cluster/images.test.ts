import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { imageNames } from "../../../tools/cluster/load-image.ts";
import { writePauseImage } from "../../../tools/cluster/pause-image.ts";

describe("an image archive", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "images-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function archive(files: Record<string, string>): Promise<string> {
    const tar = pack();
    for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
    tar.finalize();
    const file = join(folder, "archive.tar");
    writeFileSync(file, await buffer(tar));
    return file;
  }

  it("has the names of its OCI index, which count more than Docker's", async () => {
    const name = "localhost/app@sha256:0123";
    const file = await archive({
      "blobs/sha256/0123": "a layer",
      "index.json": JSON.stringify({ manifests: [{ annotations: { "io.containerd.image.name": name } }, {}] }),
      "manifest.json": JSON.stringify([{ RepoTags: ["other:1"] }]),
    });
    expect(await imageNames(file)).toEqual([name]);
  });

  it("has Docker's names where there is no index", async () => {
    expect(await imageNames(await archive({ "manifest.json": JSON.stringify([{ RepoTags: ["a:1", "b:2"] }, {}]) }))).toEqual([
      "a:1",
      "b:2",
    ]);
  });

  it("that is none is named in the error", async () => {
    const file = join(folder, "text");
    writeFileSync(file, "x".repeat(2000));
    await expect(imageNames(file)).rejects.toThrow(`${file} is not a Docker or OCI archive`);
    await expect(imageNames(join(folder, "absent"))).rejects.toThrow(`there is no image archive at ${join(folder, "absent")}`);
  });

  it("of the pause image has the same bytes for the same program", async () => {
    const program = join(folder, "pause");
    writeFileSync(program, "program");
    const archives = [join(folder, "1.tar"), join(folder, "2.tar")];
    for (const file of archives) await writePauseImage(program, "localhost/pause:1", file);
    const [one, two] = archives.map((file) => readFileSync(file));
    expect(one).toEqual(two);
    expect(await imageNames(archives[0] as string)).toEqual(["localhost/pause:1"]);
  });
});
