/** A fault that could not be done, or not be undone, for a reason that lies with servers: the run is then undecided. */
export class FaultError extends Error {
  override readonly name = "FaultError";
  readonly code = "not-done";
}

/** Errors: `FaultError` with the sentence `what` and the reason; the signal's reason when aborted. */
export async function orFaultError<T>(
  what: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FaultError(`${what}: ${why}`, { cause });
  }
}
