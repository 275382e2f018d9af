/** What one item of a bulk's answer means for the write. Pure. */
import { failed, notNewer, retriable, stored, type WriteResult } from "../sink.ts";
import { type BulkItem, isPassing } from "./api.ts";

/**
 * 409 on an external version can never succeed, and must not be tried again: it was applied before.
 * A cluster block (an index set read-only, a full disk) is lifted by an operator: until then, wait.
 */
export function judgeItem({ status, error }: BulkItem): WriteResult {
  if (status >= 200 && status < 300) return stored;
  const type = error?.type ?? "no error type";
  if (status === 409 && type === "version_conflict_engine_exception") return notNewer;
  const cause = new Error(`status ${status}, ${type}: ${error?.reason ?? "no reason given"}`);
  if (type === "cluster_block_exception") return retriable(cause, true);
  if (status === 0 || isPassing(status)) return retriable(cause, status === 429);
  return failed(cause);
}
