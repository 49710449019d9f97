import { buildChoiceParser, buildCommand } from "@stricli/core";
import type { Operator } from "../context.ts";

/** Each asks the command itself, which knows levels and stacks; `__complete` is in `main.ts`. */
const scripts = {
  bash: `_rollback() { mapfile -t COMPREPLY < <(rollback __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); }
complete -F _rollback rollback`,
  zsh: `_rollback() { local -a found; found=("\${(@f)$(rollback __complete "\${words[@]:1:$((CURRENT-1))}" 2>/dev/null)}"); compadd -- $found }
compdef _rollback rollback`,
  fish: `complete --command rollback --no-files --arguments '(rollback __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
};
type Shell = keyof typeof scripts;

export const completion = buildCommand<Record<never, never>, [Shell], Operator>({
  docs: {
    brief: "Completion of commands, flags, levels and stacks for a shell",
    customUsage: [
      { input: "bash >> ~/.bashrc", brief: "Of bash" },
      { input: "zsh >> ~/.zshrc", brief: "Of zsh" },
      { input: "fish > ~/.config/fish/completions/rollback.fish", brief: "Of fish" },
    ],
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "shell",
          brief: Object.keys(scripts).join(", "),
          parse: buildChoiceParser(Object.keys(scripts) as Shell[]),
          proposeCompletions: (partial: string) => Object.keys(scripts).filter((name) => name.startsWith(partial)),
        },
      ],
    },
  },
  func(_flags, shell) {
    this.screen.print(scripts[shell]);
  },
});
