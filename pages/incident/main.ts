/** `npm run incident`: writes docs/incident.md, one incident as an operator lives through it, on the real node and in a real terminal. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { kubeConfig } from "../../drill/kube.ts";
import { RollbackSystem } from "../../test/cluster/rollback/system.ts";
import { Interrupted } from "../../tools/errors.ts";
import { projectRoot } from "../../tools/paths.ts";
import { createProgress } from "../../tools/setup/progress.ts";
import { page } from "./page.ts";
import { type Scene, scenes } from "./session.ts";
import { Terminal } from "./terminal.ts";
import { fail, users } from "./users.ts";

const columns = 110;
/** Until the failures are seen. */
const failingMs = 8000;

export async function incidentCommand(): Promise<number> {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort(new Interrupted()));
  const progress = createProgress();
  const system = await progress.step("mindmend in its before state", { usually: "about 1 min" }, () => RollbackSystem.make());
  try {
    const access = {
      config: kubeConfig({ kubeconfig: system.kubeconfig, context: "rollback-stacks-default" }),
      namespace: system.namespace,
    };
    const sendAway = await users(access);
    try {
      await fail(access, { provider: "gemini", status: 500 });
      await sleep(failingMs);
      const screens = await play(system, controller.signal, progress.step.bind(progress));
      writeFileSync(
        join(projectRoot, "docs/incident.md"),
        page(
          alert(),
          screens.map(({ scene, screen }) => ({ scene, screen: anywhere(screen, system) })),
        ),
      );
    } finally {
      await sendAway();
    }
  } finally {
    await system.close();
  }
  console.log("docs/incident.md");
  return 0;
}

async function play(system: RollbackSystem, signal: AbortSignal, step: ReturnType<typeof createProgress>["step"]) {
  const { folder } = system.checkout;
  const rcFile = join(folder, "bashrc");
  const main = join(projectRoot, "tools/main.ts");
  writeFileSync(rcFile, `PS1='$ '\nmkdir -p incidents\nrollback() { node ${main} rollback "$@"; }\n`);
  const env = { ...system.env(), TERM: "xterm-256color", NO_COLOR: "1", INIT_CWD: undefined };
  const terminal = await Terminal.open({ cwd: folder, env, columns, rcFile, signal });
  try {
    const screens: { scene: Scene; screen: string }[] = [];
    for (const scene of scenes) {
      await step(scene.command, {}, async () => {
        await terminal.type(scene.command);
        const during = await scene.during?.(terminal);
        await scene.meanwhile?.(terminal);
        await terminal.promptBack();
        screens.push({ scene, screen: during ?? (await terminal.screen()) });
      });
    }
    return screens;
  } finally {
    await terminal.close();
  }
}

/** The alert that calls for it, as its rule words it. */
function alert(): Record<string, string> {
  const { groups } = parse(readFileSync(join(projectRoot, "docs/alerts/mindmend.yaml"), "utf8"));
  const { alert: name, labels, annotations } = groups[0].rules[0];
  return { alert: name, severity: labels.severity, summary: annotations.summary, runbook_url: annotations.runbook_url };
}

/** Without what is of this machine and this run. */
const anywhere = (screen: string, { kubeconfig, namespace, checkout }: RollbackSystem): string =>
  screen.replaceAll(kubeconfig, "~/.kube/config").replaceAll(namespace, "mindmend").replaceAll(checkout.folder, "~/rollback-stacks");
