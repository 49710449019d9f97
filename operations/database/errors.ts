/** A step on a database that did not happen, or did not hold; its message is for whoever runs the update. */
export class DatabaseError extends Error {
  override name = "DatabaseError";
}
