/** What the rejected topic holds, as rows that can be laid beside the raw log's own. */
import { rejectionHeaders } from "../../pipeline/contract/rejection.ts";
import { bytesHash } from "../expected/bytes-hash.ts";
import type { LogRecord } from "../expected/log-record.ts";
import { reasonCodes, rejectedTopicSpec } from "../facts/rejected-rows.ts";
import { createTable, type Table } from "../facts/table.ts";
import { createTableSink, type RowSink } from "../facts/table-sink.ts";
import { type Header, headerNumber, headerText } from "./header-values.ts";

type RejectedTopicTable = Table<typeof rejectedTopicSpec>;

type PushRejected = (partition: number, record: LogRecord, headers: readonly Header[]) => void;

export type RejectedAudit = { readonly rows: RejectedTopicTable; readonly push: PushRejected };

/** Keeps all rows: for topics that are small beside the memory. */
export function createRejectedAudit(rawTopic: string): RejectedAudit {
  const rows = createTable(rejectedTopicSpec);
  return { rows, push: createRejectedAuditTo(rawTopic, createTableSink(rows)) };
}

/** `rawTopic`: the topic that `source.topic` must name; another one makes the source unknown (-1). */
export function createRejectedAuditTo(
  rawTopic: string,
  rows: Pick<RowSink<typeof rejectedTopicSpec>, "add">,
): PushRejected {
  return (partition, record, headers) => {
    const reason = reasonCodes.indexOf(headerText(headers, rejectionHeaders.reason) as "late");
    const isOurs = headerText(headers, rejectionHeaders.topic) === rawTopic;
    const { hi, lo } = bytesHash(record);
    rows.add({
      partition: isOurs ? headerNumber(headers, rejectionHeaders.partition) : -1,
      offset: isOurs ? headerNumber(headers, rejectionHeaders.offset) : -1,
      reason: reason < 0 ? 255 : reason,
      bytesHi: hi,
      bytesLo: lo,
      atPartition: partition,
      atOffset: record.offset,
    });
  };
}
