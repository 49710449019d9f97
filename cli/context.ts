import type { ApplicationContext } from "@stricli/core";
import { type Screen, terminal } from "./screen.ts";
import { type OpenStack, openStack } from "./stack/open.ts";

/** What every command is given. */
export interface Operator extends ApplicationContext {
  screen: Screen;
  cwd: string;
  open(flags: { stack?: string | undefined }): Promise<OpenStack>;
}

export function operator(): Operator {
  // Where npm was started, not where its script runs.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  return { process, cwd, screen: terminal(), open: ({ stack }) => openStack({ stack, cwd }) };
}
