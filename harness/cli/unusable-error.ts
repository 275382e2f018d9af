/** Usage, scenario or environment cannot be used: said in the message, before anything was sent. Exit code 2. */
export class UnusableError extends Error {
  readonly code = "unusable";

  constructor(message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = "UnusableError";
  }
}
