/** An error whose message is all that the user needs: what is wrong, where, what was expected, and what mends it. */
export class ToolError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = new.target.name;
    this.exitCode = exitCode;
  }
}

/** The user (or a failure elsewhere) ended the run; nothing is wrong with what was running. */
export class Interrupted extends ToolError {
  constructor() {
    super("Interrupted. Run the same command again: it resumes where it stopped.", 130);
  }
}
