/**
 * A store that could not be read whole. The run then knows nothing of it: UNKNOWN, never "missing".
 */
export class StoreReadError extends Error {
  override readonly name = "StoreReadError";
  readonly code: "partial" | "changed-while-read" | "unreachable" | "unsupported";

  constructor(code: StoreReadError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
