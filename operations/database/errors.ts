/** A step on a database that did not happen, or did not hold; its message is for whoever runs the update. */
export class DatabaseError extends Error {
  override name = "DatabaseError";
  /** Where things stand now. */
  readonly standing: string;

  constructor(message: string, standing = "nothing was changed") {
    super(message);
    this.standing = standing;
  }
}
