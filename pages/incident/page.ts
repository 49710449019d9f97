import type { Scene } from "./session.ts";

const intro = `# An incident, from alert to closed

What an operator types and sees, on mindmend in the middle of its Gemini migration: stable on OpenAI, a quarter of the pods on Gemini. Written by \`npm run incident\`, which brings
the system up on the project's own Kubernetes node, sends it ten sessions a second, has the stand-in for Gemini answer 500, and types what follows into a terminal (tmux). Only paths
and the namespace's name are replaced. Run it again after a change to the commands; it needs \`tmux\`.

## The page

No Prometheus runs in the session; this is what the plan's rule ([alerts](alerts.md)) sends:`;

export function page(alert: Record<string, string>, screens: readonly { scene: Scene; screen: string }[]): string {
  const sent = Object.entries(alert).map(([key, value]) => `${key}: ${value}`);
  const parts = screens.map(({ scene: { title, says, command, during }, screen }) => {
    // What draws over the whole screen leaves no line with what was typed.
    const shown = during ? `$ ${command}\n${screen}` : screen;
    return [`## ${title}`, says, block(shown)].join("\n\n");
  });
  return `${[intro, block(sent.join("\n")), ...parts].join("\n\n")}\n`;
}

const block = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;
