/** What Pulumi's own words mean to the person at the keyboard. */

import { CommandError } from "../../pulumi/pulumi.ts";
import { didYouMean } from "../nearest.ts";
import { mendable, OperatorError } from "../operatorError.ts";
import type { OpenStack } from "./open.ts";

type Named = Pick<OpenStack, "name" | "env" | "pulumi">;

/** An error of a `pulumi` command as what it means; any other as it is. */
export async function explained(error: unknown, stack: Named): Promise<unknown> {
  if (!(error instanceof CommandError)) return error;
  const { output } = error.run;
  const backend = stack.env.PULUMI_BACKEND_URL;
  if (/no stack named|no stack selected/.test(output)) return noSuchStack(stack);
  if (/incorrect passphrase/.test(output)) {
    return new OperatorError(
      mendable(
        `the passphrase is not the one that stack ${stack.name} was made with.`,
        "export PULUMI_CONFIG_PASSPHRASE_FILE=<file with the stack's passphrase>",
      ),
      "refused",
    );
  }
  if (/passphrase must be set/.test(output)) {
    return new OperatorError(
      mendable(
        `the passphrase of stack ${stack.name} is missing.`,
        "export PULUMI_CONFIG_PASSPHRASE_FILE=<file with the stack's passphrase>",
      ),
      "refused",
    );
  }
  if (/PULUMI_ACCESS_TOKEN|not logged in|Unauthorized|invalid access token/i.test(output)) {
    return new OperatorError(mendable(`you are not logged in to ${backend}.`, `pulumi login ${backend}`), "refused");
  }
  if (/unable to open bucket|no such host|connection refused|dial tcp|i\/o timeout/.test(output)) {
    return new OperatorError(
      `the state in ${backend} cannot be reached: ${lastLine(output)}\n    check it with: pulumi stack ls`,
      "failed",
    );
  }
  return error;
}

async function noSuchStack({ name, env, pulumi }: Named): Promise<OperatorError> {
  const { stdout } = await pulumi.run(["stack", "ls", "--json"]).catch(() => ({ stdout: "[]" }));
  const known = (JSON.parse(stdout) as { name: string }[]).map((stack) => stack.name);
  const there = known.length > 0 ? `${didYouMean(name, known)} There are: ${known.join(", ")}.` : " There is none yet.";
  return new OperatorError(
    mendable(
      `stack ${name} is not in ${env.PULUMI_BACKEND_URL}.${there}`,
      `pulumi stack init ${name}, or export PULUMI_BACKEND_URL=<where its state is>`,
    ),
    "refused",
  );
}

const lastLine = (output: string): string =>
  output
    .trimEnd()
    .split("\n")
    .at(-1)
    ?.replace(/^error: /, "") ?? "";
