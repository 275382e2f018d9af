/** Recorded facts that cannot be read: the run folder is damaged, incomplete, or of another version. */
export class FactsError extends Error {
  readonly code = "facts-unreadable";

  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "FactsError";
  }
}
