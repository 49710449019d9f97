/** What the engine says of an update while it runs: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go */

import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";

interface Metadata {
  op: string;
  urn: string;
  type: string;
}

export interface EngineEvent {
  resourcePreEvent?: { metadata: Metadata };
  resOutputsEvent?: { metadata: Metadata };
  resOpFailedEvent?: { metadata: Metadata };
  diagnosticEvent?: { urn?: string; message: string; severity: string; ephemeral?: boolean };
  policyEvent?: { policyName: string; message: string; enforcementLevel: string };
}

const pollMs = 100;

/**
 * Runs `body` with the path of a file for `--event-log`, and hands on each event soon after it stands there. The file, which holds
 * inputs of resources (secrets masked), is in a folder that only this user reads, and goes afterwards.
 */
export async function followingEvents<T>(onEvent: (event: EngineEvent) => void, body: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "rollback-"));
  const file = join(folder, "events.json");
  const read = reader(file, onEvent);
  const timer = setInterval(read, pollMs);
  try {
    return await body(file);
  } finally {
    clearInterval(timer);
    read();
    rmSync(folder, { recursive: true, force: true });
  }
}

function reader(file: string, onEvent: (event: EngineEvent) => void): () => void {
  const decoder = new StringDecoder("utf8");
  const chunk = Buffer.alloc(1 << 16);
  let at = 0;
  let rest = "";
  return () => {
    if (!existsSync(file)) return;
    const descriptor = openSync(file, "r");
    try {
      for (let size = readSync(descriptor, chunk, 0, chunk.length, at); size > 0; size = readSync(descriptor, chunk, 0, chunk.length, at)) {
        at += size;
        rest += decoder.write(chunk.subarray(0, size));
      }
    } finally {
      closeSync(descriptor);
    }
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onEvent(JSON.parse(line));
  };
}
