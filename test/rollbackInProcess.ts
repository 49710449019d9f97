import { run } from "@stricli/core";
import pc from "picocolors";
import type { Operator } from "../cli/context.ts";
import { application } from "../cli/main.ts";
import type { OpenStack } from "../cli/stack/open.ts";

export interface Person {
  columns?: number;
  /** What a person answers, in order, before they end the asking; without it nobody can be asked. */
  answers?: string[] | undefined;
}

/** Runs `rollback <args>` in this process and without a terminal, about a stack that is open already. */
export async function rollbackInProcess(args: readonly string[], stack: OpenStack, { columns = 100, answers }: Person = {}) {
  const [printed, noted, asked]: [string[], string[], string[]] = [[], [], []];
  const left = [...(answers ?? [])];
  const ask = async (question: string) => {
    asked.push(question);
    return left.shift();
  };
  const stream = (lines: string[]) => ({ write: (text: string) => void lines.push(text.replace(/\n$/, "")) });
  const process = { stdout: stream(printed), stderr: stream(noted), env: {}, exitCode: undefined };
  const operator = {
    process,
    cwd: stack.project.folder,
    open: async () => stack,
    screen: {
      print: (line = "") => void printed.push(line),
      note: (line: string) => void noted.push(line),
      colors: pc.createColors(false),
      columns,
      interactive: answers !== undefined,
      ask,
      confirm: async (question: string) => /^y(es)?$/i.test((await ask(question)) ?? ""),
    },
  } as unknown as Operator;
  await run(application, args, operator);
  return { code: Number(process.exitCode ?? 0), printed: printed.join("\n"), said: noted.join("\n"), asked };
}
