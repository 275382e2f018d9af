/** Records for one partition of one topic, gathered into batches that a broker takes, until they are sent. */
import {
  type BatchDraft,
  type BatchWriter,
  createBatchWriter,
} from "../kafka/wire/batch-writer.ts";

/** Half of what a broker takes by default (1 MiB), so that one record on top of it never is too much. */
export const batchBytes = 512 * 1024;

export type Outbox = {
  readonly append: BatchWriter["append"];
  /** Records waiting. */
  readonly records: () => number;
  /** Bytes waiting. */
  readonly bytes: () => number;
  /** All that waits, in order. The outbox is empty afterwards. */
  readonly take: () => readonly BatchDraft[];
  /** Gives drafts back that were sent: their buffers are used again. */
  readonly give: (drafts: readonly BatchDraft[]) => void;
};

export function createOutbox(): Outbox {
  const writer = createBatchWriter(4096);
  let full: BatchDraft[] = [];
  let fullBytes = 0;
  let records = 0;

  const cut = (): void => {
    const draft = writer.take();
    full.push(draft);
    fullBytes += draft.end;
  };
  return {
    append: (key, keyStart, keyEnd, value, valueStart, valueEnd, headers) => {
      const coming = keyEnd - keyStart + valueEnd - valueStart;
      if (writer.count > 0 && writer.size + coming > batchBytes) cut();
      writer.append(key, keyStart, keyEnd, value, valueStart, valueEnd, headers);
      records++;
    },
    records: () => records,
    bytes: () => (records === 0 ? 0 : fullBytes + writer.size),
    take: () => {
      if (writer.count > 0) cut();
      const drafts = full;
      full = [];
      fullBytes = 0;
      records = 0;
      return drafts;
    },
    give: (drafts) => {
      for (const { bytes } of drafts) writer.give(bytes);
    },
  };
}
