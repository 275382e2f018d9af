/** What one item of a bulk's answer means for the write. Pure. */
import { failed, notNewer, retired, retriable, stored, type WriteResult } from "../sink.ts";
import { type BulkItem, blockType, isPassing } from "./api.ts";

/**
 * 409 on an external version can never succeed, and must not be tried again: it was applied before.
 * A cluster block (an index set read-only, a full disk) is lifted by an operator: until then, wait.
 * Only 429 and a block say that nothing was stored; of any other fault of the server nobody knows.
 */
export function judgeItem(
  { status, error }: BulkItem,
  write: { readonly action: "write" | "delete"; readonly isPast: () => boolean },
): WriteResult {
  if (status >= 200 && status < 300) return stored;
  // There is nothing of that id, or no such index: that is what a tombstone asks for.
  if (status === 404 && write.action === "delete") return stored;
  const type = error?.type ?? "no error type";
  if (status === 409 && type === "version_conflict_engine_exception") return notNewer;
  // Closed between the clock's look and the write.
  if (type === "index_closed_exception" && write.isPast()) return retired;
  const cause = new Error(`status ${status}, ${type}: ${error?.reason ?? "no reason given"}`);
  if (type === blockType) return retriable(cause, { definite: true });
  const overloaded = status === 429;
  if (status === 0 || isPassing(status)) {
    return retriable(cause, { overloaded, definite: overloaded });
  }
  return failed(cause);
}
