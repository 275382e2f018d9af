/** What can go wrong with the local servers, as one error type with a code to switch on. */
export class StackError extends Error {
  override readonly name = "StackError";
  readonly code:
    | "prerequisite-missing"
    | "fetch-failed"
    | "disk-too-small"
    | "server-died"
    | "not-ready"
    | "port-taken"
    | "no-such-stack"
    | "stack-exists"
    | "stack-broken"
    | "stack-starting"
    | "not-restartable"
    | "bad-stack-name";

  constructor(code: StackError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
