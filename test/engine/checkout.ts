import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { makeCheckout } from "../../tools/checkout.ts";
import { pulumiEnvironment } from "../../tools/environment.ts";

/** A checkout of this project that a test may add plans and stacks to, with a state of its own and no cluster. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "checkout-"));

  constructor() {
    makeCheckout(this.folder);
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
