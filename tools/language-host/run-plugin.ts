import { once } from "node:events";
import type { ServerWritableStream } from "@grpc/grpc-js";
import type { RunPluginRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { RunPluginResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { cancel, start } from "./children.ts";
import { PolicyProxy } from "./policy-proxy.ts";
import { invocation } from "./program.ts";

/** Runs a plugin written for Node: a policy pack ("analyzer") or any other, whose output the caller reads from the stream. */
export async function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>, engineAddress: string): Promise<void> {
  const code = call.request.getKind() === "analyzer" ? await runPolicyPack(call, engineAddress) : await runOther(call);
  call.write(new RunPluginResponse().setExitcode(code));
  call.end();
}

async function runOther(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): Promise<number> {
  const info = call.request.getInfo();
  const directory = info?.getProgramDirectory() ?? ".";
  const { node, args, environment } = await invocation("run-plugin", directory, info);
  const child = start(node, [...args, directory, ...call.request.getArgsList()], {
    cwd: call.request.getPwd() || directory,
    env: { ...requestEnvironment(call.request), ...environment },
  });
  call.on("cancelled", () => cancel(child));
  child.stdout?.on("data", (data: Buffer) => call.write(new RunPluginResponse().setStdout(data)));
  child.stderr?.on("data", (data: Buffer) => call.write(new RunPluginResponse().setStderr(data)));
  return exitCode(await once(child, "close"));
}

/**
 * A pack reads its stack's config from the environment it starts with, which the engine only sends once it can call the pack:
 * a proxy takes that call, then the pack starts behind it.
 */
async function runPolicyPack(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>, engineAddress: string): Promise<number> {
  const info = call.request.getInfo();
  const directory = info?.getProgramDirectory() ?? ".";
  const { node, args, environment } = await invocation("run-policy-pack", directory, info);
  const proxy = await PolicyProxy.listen();
  call.on("cancelled", () => proxy.close());
  call.write(new RunPluginResponse().setStdout(Buffer.from(`${proxy.port}\n`)));
  const configuration = await proxy.configuration;
  if (call.cancelled) return 0;

  const child = start(node, [...args, engineAddress, directory], {
    cwd: directory,
    env: { ...requestEnvironment(call.request), ...environment, ...configuration },
  });
  call.on("cancelled", () => cancel(child));
  child.stderr?.on("data", (data: Buffer) => call.write(new RunPluginResponse().setStderr(data)));
  const closed = once(child, "close");
  proxy.attach(child.stdout as NonNullable<typeof child.stdout>, (data) => call.write(new RunPluginResponse().setStdout(data)));
  const code = exitCode(await closed);
  proxy.close();
  return code;
}

function requestEnvironment(request: RunPluginRequest): NodeJS.ProcessEnv {
  return Object.fromEntries(
    request.getEnvList().map((line) => {
      const end = line.indexOf("=");
      return [line.slice(0, end), line.slice(end + 1)];
    }),
  );
}

function exitCode([code]: unknown[]): number {
  return typeof code === "number" ? code : 1;
}
