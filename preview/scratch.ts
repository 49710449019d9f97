/** A copy of a stack in which a change is really carried out, though nothing that runs is touched: its cluster is a folder of files. */

import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { isObject } from "../components/levers/scalars.ts";
import type { Plan } from "../components/plan/plan.ts";
import type { ReleaseRecord } from "../components/releaseRecord.ts";
import { credentialPaths } from "../drill/stack.ts";
import { parseStackFile, project } from "../pulumi/stackFile.ts";
import { makeCheckout } from "../tools/checkout.ts";
import { pulumiEnvironment } from "../tools/environment.ts";
import { Pulumi } from "./pulumi.ts";

type Config = Record<string, unknown>;

/** Where a scratch stack stands: its levers and its state. */
interface Standing {
  stackFile: string;
  deployment: string;
}

export class Scratch {
  readonly pulumi: Pulumi;
  readonly #stackFile: string;
  #standing: Standing = { stackFile: "", deployment: "" };
  /** Whether an update changed the state since `keep`. */
  #moved = false;

  private constructor(folder: string, stack: string) {
    // Nothing of the person's own that could reach a cluster, a cloud or a login.
    const env = pulumiEnvironment({ base: { PATH: process.env.PATH, HOME: folder }, stateDir: folder });
    this.pulumi = new Pulumi(folder, env, stack);
    this.#stackFile = join(folder, "stacks", `Pulumi.${stack}.yaml`);
  }

  /**
   * The stack as its file has it in the working tree, after an update that left `record`; without one, a stack that was never deployed.
   * Credentials are random ones, so that no real one gets into the folder; the Google Cloud around the stack is left out.
   */
  static async make(stack: string, plan: Plan, record: ReleaseRecord | undefined): Promise<Scratch> {
    const folder = mkdtempSync(join(tmpdir(), "preview-stack-"));
    const scratch = new Scratch(folder, stack);
    try {
      makeCheckout(folder);
      const { config = {} } = parseStackFile(readFileSync(scratch.#stackFile, "utf8"), stack);
      writeFileSync(scratch.#stackFile, stringify({ config: scratchConfig(config, join(folder, "cluster")) }));
      await scratch.pulumi.expect(["stack", "init", stack]);
      for (const path of secretPaths(config, plan)) {
        await scratch.pulumi.expect(["config", "set", "--secret", "--path", path], randomBytes(24).toString("hex"));
      }
      if (record) await scratch.#import(JSON.stringify(deploymentOf(stack, record)));
      return scratch;
    } catch (error) {
      scratch.remove();
      throw error;
    }
  }

  /** Carries out what the levers say; asks no rule. Throws where it cannot be carried out. */
  async update(): Promise<void> {
    await this.pulumi.expect(["up", "--yes", "--skip-preview"]);
    this.#moved = true;
  }

  /** Notes where the stack stands now, for `restore`. */
  async keep(): Promise<void> {
    this.#standing = { stackFile: readFileSync(this.#stackFile, "utf8"), deployment: await this.pulumi.expect(["stack", "export"]) };
    this.#moved = false;
  }

  /** Back to where `keep` found it. */
  async restore(): Promise<void> {
    writeFileSync(this.#stackFile, this.#standing.stackFile);
    if (this.#moved) await this.#import(this.#standing.deployment);
    this.#moved = false;
  }

  remove(): void {
    rmSync(this.pulumi.folder, { recursive: true, force: true });
  }

  async #import(deployment: string): Promise<void> {
    await this.pulumi.expect(["stack", "import"], deployment);
  }
}

const isSecret = (value: unknown): boolean => isObject(value) && "secure" in value;

function scratchConfig(config: Config, cluster: string): Config {
  const kept = Object.entries(config).filter(
    ([key]) => key === "kubernetes:namespace" || (!key.startsWith("kubernetes:") && !key.startsWith("gcp:") && key !== `${project}:gcp`),
  );
  return { ...Object.fromEntries(kept.map(([key, value]) => [key, withoutSecrets(value)])), "kubernetes:renderYamlToDirectory": cluster };
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isObject(value)) return value;
  const legible = Object.entries(value).filter(([, inner]) => !isSecret(inner));
  return Object.fromEntries(legible.map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/** Of the project's own levers, as `pulumi config set --path` takes them. */
function secretPaths(config: Config, plan: Plan): string[] {
  const below = (path: string, value: unknown): string[] => {
    if (isSecret(value)) return [path];
    if (Array.isArray(value)) return value.flatMap((inner, index) => below(`${path}[${index}]`, inner));
    return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => below(`${path}.${key}`, inner)) : [];
  };
  const own = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
  const paths = own.flatMap(([key, value]) => below(key.slice(project.length + 1), value));
  return paths.flatMap((path) => (path === "credentials" ? credentialPaths(plan) : [path]));
}

/** A state that has nothing but what the program asks of its past: the stack's release record. */
function deploymentOf(stack: string, release: ReleaseRecord): unknown {
  const type = "pulumi:pulumi:Stack";
  const urn = `urn:pulumi:${stack}::${project}::${type}::${project}-${stack}`;
  return { version: 3, deployment: { manifest: {}, resources: [{ urn, custom: false, type, outputs: { release } }] } };
}
