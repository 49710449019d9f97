import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

export interface Program {
  url: string;
  child: ChildProcess;
  /** Everything it wrote so far. */
  output(): string;
  /** The `message` of each JSON line so far. */
  messages(): string[];
}

/** The exit code and output of a program that is not expected to keep running. */
export async function runToEnd(
  file: string,
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number | null; output: string }> {
  const { child, output } = launch(file, env, args);
  await once(child, "close");
  return { code: child.exitCode, output: output() };
}

/** Starts a bundle, with arguments where it takes some, on a free port of 127.0.0.1 and waits until it listens. */
export async function startProgram(file: string, env: Record<string, string>, ...args: string[]): Promise<Program> {
  const { child, output } = launch(file, { PORT: "0", ...env }, args);
  for (;;) {
    const port = /[Ll]istening on port (\d+)/.exec(output())?.[1];
    const messages = () => [...output().matchAll(/"message":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text ?? "");
    if (port) return { url: `http://127.0.0.1:${port}`, child, output, messages };
    if (child.exitCode !== null) throw new Error(`${file} exited with ${child.exitCode}:\n${output()}`);
    await sleep(10);
  }
}

/** Waits until `/health` answers 200. */
export async function untilReady({ url }: Program): Promise<void> {
  while ((await fetch(`${url}/health`)).status !== 200) await sleep(20);
}

export async function stopProgram({ child }: Program): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "close");
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}

function launch(file: string, env: Record<string, string>, args: string[] = []): { child: ChildProcess; output: () => string } {
  let text = "";
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8");
    stream?.on("data", (chunk: string) => {
      text += chunk;
    });
  }
  return { child, output: () => text };
}

/** Looks up a series by its name and the whole of its labels. */
export async function readMetrics({ url }: Program): Promise<(name: string, labels: Record<string, string>) => number | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const keyOf = (name: string, labels: string[]) => `${name} ${labels.sort().join(" ")}`;
  const samples = new Map(
    [...text.matchAll(/^(\w+)\{(.*)\} (\S+)$/gm)].map(([, name = "", labels = "", value]) => [
      keyOf(name, labels.match(/\w+="[^"]*"/g) ?? []),
      Number(value),
    ]),
  );
  return (name, labels) =>
    samples.get(
      keyOf(
        name,
        Object.entries(labels).map(([label, value]) => `${label}="${value}"`),
      ),
    );
}
