/** The rejections of a batch that is about to be sent. */

import { rejectionHeaders } from "../../../pipeline/contract/rejection.ts";
import type { BatchDraft } from "../../../pipeline/kafka/wire/batch-writer.ts";
import { createBatchWriter } from "../../../pipeline/kafka/wire/batch-writer.ts";
import { type RecordView, readHeaders } from "../../../pipeline/kafka/wire/record-cursor.ts";
import { eachRecord } from "../aggregate-drafts.ts";

export function isLate(record: RecordView): boolean {
  const reason = readHeaders(record).find(({ key }) => key === rejectionHeaders.reason);
  return reason?.value !== undefined && Buffer.from(reason.value ?? []).toString() === "late";
}

/** The batch with only those that `keep` says; undefined for none. */
export function someRejections(
  draft: BatchDraft,
  keep: (record: RecordView) => boolean,
): BatchDraft | undefined {
  const writer = createBatchWriter(draft.end);
  eachRecord(draft, (record) => {
    if (!keep(record)) return;
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
    writer.append(
      keyEnd < 0 ? null : bytes,
      keyStart,
      Math.max(keyStart, keyEnd),
      valueEnd < 0 ? null : bytes,
      valueStart,
      Math.max(valueStart, valueEnd),
      readHeaders(record),
    );
  });
  return writer.count === 0 ? undefined : writer.take();
}
