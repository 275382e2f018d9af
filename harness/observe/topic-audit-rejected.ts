/** What the rejected topic holds, as rows that can be laid beside the raw log's own. */
import { rejectionHeaders } from "../../pipeline/contract/rejection.ts";
import { bytesHash } from "../expected/bytes-hash.ts";
import type { LogRecord } from "../expected/log-record.ts";
import { reasonCodes, rejectedTopicSpec } from "../facts/rejected-rows.ts";
import { addValues, createTable, type Table } from "../facts/table.ts";
import { type Header, headerNumber, headerText } from "./header-values.ts";

type RejectedTopicTable = Table<typeof rejectedTopicSpec>;

export type RejectedAudit = {
  readonly rows: RejectedTopicTable;
  readonly push: (partition: number, record: LogRecord, headers: readonly Header[]) => void;
};

/** `rawTopic`: the topic that `source.topic` must name; another one makes the source unknown (-1). */
export function createRejectedAudit(rawTopic: string): RejectedAudit {
  const rows = createTable(rejectedTopicSpec);
  return {
    rows,
    push: (partition, record, headers) => {
      const reason = reasonCodes.indexOf(headerText(headers, rejectionHeaders.reason) as "late");
      const isOurs = headerText(headers, rejectionHeaders.topic) === rawTopic;
      const { hi, lo } = bytesHash(record);
      addValues(rows, {
        partition: isOurs ? headerNumber(headers, rejectionHeaders.partition) : -1,
        offset: isOurs ? headerNumber(headers, rejectionHeaders.offset) : -1,
        reason: reason < 0 ? 255 : reason,
        bytesHi: hi,
        bytesLo: lo,
        atPartition: partition,
        atOffset: record.offset,
      });
    },
  };
}
