import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { OperatorError } from "./operatorError.ts";

export const outputFlag = { kind: "parsed", parse: String, brief: "Write it to this file too", optional: true } as const;

/** Writes a text into a file, which may be named from `cwd`. @throws {OperatorError} that says why it cannot be written. */
export async function writeOutput(cwd: string, file: string, text: string): Promise<void> {
  await writeFile(resolve(cwd, file), `${text}\n`).catch(({ message }: Error) => {
    throw new OperatorError(`not written: ${message}`);
  });
}
