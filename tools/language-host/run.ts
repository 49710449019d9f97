import { once } from "node:events";
import type { ServerUnaryCall } from "@grpc/grpc-js";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { RunResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { cancel, start } from "./children.ts";
import { invocation } from "./program.ts";

/** Exit code by which @pulumi/pulumi's runner says that it has already told the user what went wrong. */
const alreadyReported = 32;

/** Runs a Pulumi program to its end. Its output goes to this process's own, which the engine logs. */
export async function run(call: ServerUnaryCall<RunRequest, RunResponse>, engineAddress: string): Promise<RunResponse> {
  const request = call.request;
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() || request.getPwd();
  const { node, args, environment } = await invocation("run", directory, info);
  const child = start(node, [...args, ...programArguments(request, engineAddress)], {
    cwd: request.getPwd() || directory,
    env: {
      ...process.env,
      ...environment,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
  });
  call.on("cancelled", () => cancel(child));
  child.stdout?.pipe(process.stdout, { end: false });
  child.stderr?.pipe(process.stderr, { end: false });
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return response(code, signal);
}

function programArguments(request: RunRequest, engineAddress: string): string[] {
  const info = request.getInfo();
  const flags: [string, string | undefined][] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engineAddress],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["root-directory", info?.getRootDirectory()],
    ["stack", request.getStack()],
    ["pwd", request.getPwd()],
    ["parallel", String(request.getParallel())],
  ];
  return [
    ...flags.flatMap(([name, value]) => (value ? [`--${name}`, value] : [])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() || request.getProgram() || ".",
    ...request.getArgsList(),
  ];
}

function response(code: number | null, signal: NodeJS.Signals | null): RunResponse {
  const answer = new RunResponse();
  if (code === alreadyReported) answer.setBail(true);
  else if (signal) answer.setError(`Program was ended by ${signal}`);
  else if (code !== 0) answer.setError(`Program exited with non-zero exit code: ${code}`);
  return answer;
}
