/** What becomes of a refused record: key and value as they came, headers that say why and where from. */
import { type RejectionReason, rejectionHeaders } from "../contract/rejection.ts";
import type { RecordHeader } from "../kafka/wire/batch-writer.ts";
import type { RecordView } from "../kafka/wire/record-cursor.ts";
import type { Outbox } from "./outbox.ts";

export type Reject = (record: RecordView, reason: RejectionReason) => void;

/** Appends refused records of `topic`'s `partition` to `outbox`. */
export function createRejector(outbox: Outbox, topic: string, partition: number): Reject {
  const source = [
    header(rejectionHeaders.topic, topic),
    header(rejectionHeaders.partition, String(partition)),
  ];
  return (record, reason) => {
    const { bytes, offset, keyStart, keyEnd, valueStart, valueEnd } = record;
    outbox.append(
      keyEnd < 0 ? null : bytes,
      keyStart,
      keyEnd < 0 ? keyStart : keyEnd,
      valueEnd < 0 ? null : bytes,
      valueStart,
      valueEnd < 0 ? valueStart : valueEnd,
      [
        header(rejectionHeaders.reason, reason),
        ...source,
        header(rejectionHeaders.offset, String(offset)),
      ],
    );
  };
}

function header(key: string, value: string): RecordHeader {
  return { key, value: Buffer.from(value) };
}
