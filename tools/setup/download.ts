import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import tar from "tar-stream";
import { get, getText } from "./http.ts";
import type { Runner } from "./process.ts";

/** One official download. It is used only when its SHA-256 is the one that its publisher states. */
export interface Download {
  url: string;
  /** Where the publisher states checksums: `sha256sum` output, a bare hash, or a GitHub release as JSON (its assets' digests). */
  checksums: string;
  /** For a .tar.gz: the name to unpack an entry under, or undefined to leave it out. Without it the download is the file itself. */
  take?: (entry: string) => string | undefined;
  /** For a download that is the file itself: its name here, where the publisher's is another. */
  as?: string;
}

/** Downloads, verifies, unpacks. Returns the files, in `folder`. */
export async function download({ url, checksums, take, as }: Download, folder: string, runner: Runner): Promise<string[]> {
  const name = basename(new URL(url).pathname);
  const expected = findChecksum(await getText(checksums, runner.signal), name);
  if (!expected) throw new Error(`${checksums} states no SHA-256 for ${name}`);
  const file = join(folder, as ?? name);
  const actual = await fetchTo(url, file, runner);
  if (actual !== expected) throw new Error(`${url} has the SHA-256 ${actual}, its publisher states ${expected}`);
  return take ? unpack(file, folder, take) : [file];
}

/** The SHA-256 of `name` as one of the usual forms states it. */
export function findChecksum(text: string, name: string): string | undefined {
  if (text.trimStart().startsWith("{")) {
    const release = JSON.parse(text) as { assets?: { name: string; digest?: string }[] };
    return release.assets?.find((asset) => asset.name === name)?.digest?.replace(/^sha256:/, "");
  }
  const lines = text.trim().split("\n");
  const line = lines.find((candidate) => candidate.trim().split(/[\s*]+/)[1] === name) ?? (lines.length === 1 ? lines[0] : undefined);
  const [first = ""] = line?.trim().split(/\s+/) ?? [];
  return /^[0-9a-f]{64}$/i.test(first) ? first.toLowerCase() : undefined;
}

async function fetchTo(url: string, file: string, runner: Runner): Promise<string> {
  const response = await get(url, runner.signal);
  const total = Number(response.headers["content-length"] ?? 0);
  const sum = createHash("sha256");
  let received = 0;
  let reported = 0;
  const counted = async function* (source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const piece of source) {
      sum.update(piece);
      received += piece.length;
      if (total && received - reported > total / 100) {
        reported = received;
        runner.report(`${Math.round((received / total) * 100)} % · downloading ${(total / 1e6).toFixed(0)} MB`);
      }
      yield piece;
    }
  };
  await pipeline(response, counted, createWriteStream(file));
  return sum.digest("hex");
}

async function unpack(archive: string, folder: string, take: (entry: string) => string | undefined): Promise<string[]> {
  const files: string[] = [];
  const entries = tar.extract();
  const reading = pipeline(createReadStream(archive), createGunzip(), entries);
  for await (const entry of entries) {
    const name = entry.header.type === "file" ? take(entry.header.name) : undefined;
    if (!name) {
      entry.resume();
      continue;
    }
    const file = join(folder, basename(name));
    await pipeline(Readable.from(entry), createWriteStream(file, { mode: 0o755 }));
    files.push(file);
  }
  await reading;
  if (files.length === 0) throw new Error(`${basename(archive)} does not hold what was expected in it`);
  return files;
}
