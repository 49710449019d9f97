import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadImage } from "../../../../tools/cluster/index.ts";
import { writePauseImage } from "../../../../tools/cluster/pause-image.ts";
import type { Cluster } from "../../../../tools/cluster/types.ts";
import { binDir } from "../../../../tools/paths.ts";

/** Puts the two images of the recording on the node: one that waits, one that exits with 0. */
export async function loadRecordedImages(cluster: Cluster, folder: string): Promise<void> {
  const exiting = join(folder, "true");
  writeFileSync(exiting, exitingProgram());
  for (const [name, program] of [
    ["pause", join(binDir, "pause")],
    ["true", exiting],
  ] as const) {
    const archive = join(folder, `${name}.tar`);
    await writePauseImage(program, `localhost/${name}:1`, archive);
    await loadImage(cluster, archive);
  }
}

/** The smallest static program: an ELF header, one segment, and the system call that exits with 0. */
function exitingProgram(): Buffer {
  const [machine, code] = process.arch === "x64" ? [62, "31ffb83c0000000f05"] : [183, "000080d2a80b80d2010000d4"];
  const instructions = Buffer.from(code, "hex");
  const headers = Buffer.alloc(120);
  const [address, size] = [0x400000n, BigInt(headers.length + instructions.length)];
  Buffer.from("7f454c46020101", "hex").copy(headers);
  headers.writeUInt16LE(2, 16);
  headers.writeUInt16LE(machine, 18);
  headers.writeUInt32LE(1, 20);
  headers.writeBigUInt64LE(address + BigInt(headers.length), 24);
  headers.writeBigUInt64LE(64n, 32);
  headers.writeUInt16LE(64, 52);
  headers.writeUInt16LE(56, 54);
  headers.writeUInt16LE(1, 56);
  headers.writeUInt32LE(1, 64);
  headers.writeUInt32LE(5, 68);
  headers.writeBigUInt64LE(address, 80);
  headers.writeBigUInt64LE(address, 88);
  headers.writeBigUInt64LE(size, 96);
  headers.writeBigUInt64LE(size, 104);
  headers.writeBigUInt64LE(0x1000n, 112);
  return Buffer.concat([headers, instructions]);
}
