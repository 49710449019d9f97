import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { pulumiEnvironment } from "../../tools/environment.ts";
import { projectRoot } from "../../tools/paths.ts";

/** Folders of a checkout that are its own: what it runs with, and what a test adds to. */
const own = [".git", ".rollback", "stacks"];

/** A checkout of this project that a test may add plans and stacks to, with a state of its own and no cluster. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "checkout-"));

  constructor() {
    for (const entry of readdirSync(projectRoot)) {
      if (!own.includes(entry)) symlinkSync(join(projectRoot, entry), join(this.folder, entry));
    }
    const filter = (file: string) => !file.endsWith("-drill.yaml");
    cpSync(join(projectRoot, "stacks"), join(this.folder, "stacks"), { recursive: true, filter });
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** `input` goes to stdin. */
  pulumi(args: string[], input = "") {
    const env = pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: this.folder }, stateDir: this.folder });
    return execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
      cwd: this.folder,
      env,
      extendEnv: false,
      reject: false,
      all: true,
      input,
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
