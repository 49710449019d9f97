/** What an operator types from the alert to the closed incident, and why. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Terminal } from "./terminal.ts";

export interface Scene {
  title: string;
  /** What a reader should know before they look at the screen. */
  says: string;
  command: string;
  /** What is done while the command runs; default: nothing, until it has ended. */
  meanwhile?: (terminal: Terminal) => Promise<void>;
  /** Looks at the screen before the command has ended, for those that leave nothing on it. */
  during?: (terminal: Terminal) => Promise<string>;
}

/** Long enough for two looks and what changed between them. */
const watchedMs = 9000;

/** Watches for a while, and ends it as a person does. */
const watching: Scene["during"] = async (terminal) => {
  await terminal.has("Providers");
  await sleep(watchedMs);
  const screen = await terminal.screen();
  await terminal.press("C-c");
  return screen;
};

export const scenes: readonly Scene[] = [
  {
    title: "Where do things stand?",
    says: "Nothing was changed since the last verified release, nobody else is at it, and the cluster is as the stack says: the fault is not in the levers.",
    command: "rollback status",
  },
  {
    title: "What do users notice?",
    says: "In place, until Ctrl-C. The canary's requests fail, all of them; those of stable do not.",
    command: "rollback monitor",
    during: watching,
  },
  {
    title: "Which way back is open?",
    says: "Every level is previewed from here, with the policy pack. Level 2 takes the traffic away from the canary; no pod has to start for it.",
    command: "rollback check",
  },
  {
    title: "Back",
    says: "It shows what it will do and asks. The canary's logs and metrics are kept beside it, before its pods go.",
    command: 'rollback to traffic --by ada --reason "canary: 500 from Gemini" --incident INC-7 --evidence incidents',
    async meanwhile(terminal) {
      await terminal.has("Go on? [y/N]");
      await terminal.press("y");
      await terminal.press("Enter");
    },
  },
  {
    title: "Is it safe?",
    says: "The level's probes again, from outside.",
    command: "rollback verify traffic",
  },
  {
    title: "And for the users?",
    says: "No request fails any more, and OpenAI answers all of them.",
    command: "rollback monitor",
    during: watching,
  },
  {
    title: "Tell the others",
    says: "The plan's text, filled in from the record; what only a person knows is said by that person.",
    command:
      'rollback notify stakeholders whatHappened="Gemini answered 500; one session in five failed" nextSteps="Ask Google; ada, today"',
  },
  {
    title: "Write it down",
    says: "The plan's incident report. What is not on record would stay a place in brackets.",
    command:
      'rollback report incident impact="one session in five failed" cause="Gemini answered 500; why is not known yet" --output incidents/INC-7.md',
  },
  {
    title: "And for other tools",
    says: "The same as CDEvents; nobody typed when it was detected and reported, so there are no events of that.",
    command: 'rollback report --format cdevents > incidents/INC-7.json; grep \'"type"\\|"timestamp"\' incidents/INC-7.json',
  },
  {
    title: "The evidence",
    says: "What `--evidence` kept: the canary is gone, its logs are not. Nothing was changed since.",
    command: "cd incidents/evidence-*; sha256sum --check --quiet SHA256SUMS && find canary -type f; cd ../..",
  },
  {
    title: "What is on record",
    says: "The incident is closed. The next one begins here.",
    command: "rollback history --count 3",
  },
];
