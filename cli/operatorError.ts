import { ToolError } from "../tools/errors.ts";
import { exitCodes } from "./exitCodes.ts";

/** What the person at the keyboard has to know: what is wrong, where, and the command that mends it. */
export class OperatorError extends ToolError {
  constructor(message: string, exit: keyof typeof exitCodes = "failed") {
    super(message, exitCodes[exit]);
  }
}

/** `what: message`, with the command below. */
export const mendable = (message: string, command: string): string => `${message}\n    mend it with: ${command}`;
