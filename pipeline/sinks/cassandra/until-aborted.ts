/** Waiting no longer than a signal allows for work that cannot be taken back. */

/**
 * Resolves when `work` does, or with undefined when `signal` is aborted first: the work goes on
 * then, and what becomes of it, a rejection included, is nobody's business any more.
 */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const onAbort = (): void => resolve(undefined);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
