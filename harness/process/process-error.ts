/** What can go wrong with a child process or its folder, as one error type with a code to switch on. */
export class ProcessError extends Error {
  override readonly name = "ProcessError";
  readonly code: "spawn-failed" | "will-not-end" | "folder-taken";

  constructor(code: ProcessError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
