import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerWritableStream } from "@grpc/grpc-js";
import type { GetProgramDependenciesRequest, InstallDependenciesRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { DependencyInfo, GetProgramDependenciesResponse, InstallDependenciesResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { cancel, start } from "./children.ts";
import { runtimeOptions } from "./program.ts";

/** `pulumi install`: runs the package manager in the program's folder and streams what it says. */
export async function installDependencies(
  call: ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
): Promise<void> {
  const info = call.request.getInfo();
  const directory = info?.getProgramDirectory() || call.request.getDirectory();
  const manager = runtimeOptions(info).packagemanager;
  const child = start(manager, ["install"], { cwd: directory, env: process.env });
  call.on("cancelled", () => cancel(child));
  child.stdout?.on("data", (data: Buffer) => call.write(new InstallDependenciesResponse().setStdout(data)));
  child.stderr?.on("data", (data: Buffer) => call.write(new InstallDependenciesResponse().setStderr(data)));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`\`${manager} install\` in ${directory} ended with exit code ${code}`);
  call.end();
}

/** `pulumi about`: the packages that package.json names, with the versions installed. */
export function programDependencies(request: GetProgramDependenciesRequest): GetProgramDependenciesResponse {
  const directory = request.getInfo()?.getProgramDirectory() ?? ".";
  const manifest = readManifest(directory);
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).sort();
  const list = names.map((name) => {
    const { version } = readManifest(join(directory, "node_modules", name));
    return new DependencyInfo().setName(name).setVersion(version ?? "not installed");
  });
  return new GetProgramDependenciesResponse().setDependenciesList(list);
}

interface Manifest {
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function readManifest(directory: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
  } catch {
    return {};
  }
}
