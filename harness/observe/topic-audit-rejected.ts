/** What the rejected topic holds, as rows that can be laid beside the raw log's own. */
import { rejectionHeaders } from "../../pipeline/contract/rejection.ts";
import { bytesHash } from "../expected/bytes-hash.ts";
import type { LogRecord } from "../expected/log-record.ts";
import { reasonCodes, rejectedTopicSpec } from "../facts/rejected-rows.ts";
import { addValues, createTable, type Table } from "../facts/table.ts";

type RejectedTopicTable = Table<typeof rejectedTopicSpec>;

type RejectedHeader = { readonly key: string; readonly value: Uint8Array | null };

export type RejectedAudit = {
  readonly rows: RejectedTopicTable;
  readonly push: (partition: number, record: LogRecord, headers: readonly RejectedHeader[]) => void;
};

/** `rawTopic`: the topic that `source.topic` must name; another one makes the source unknown (-1). */
export function createRejectedAudit(rawTopic: string): RejectedAudit {
  const rows = createTable(rejectedTopicSpec);
  return {
    rows,
    push: (partition, record, headers) => {
      const text = (key: string): string | undefined => {
        const value = headers.find((each) => each.key === key)?.value;
        return value === undefined || value === null
          ? undefined
          : Buffer.from(value).toString("utf8");
      };
      const reason = reasonCodes.indexOf(text(rejectionHeaders.reason) as "late");
      const isOurs = text(rejectionHeaders.topic) === rawTopic;
      const { hi, lo } = bytesHash(record);
      addValues(rows, {
        partition: isOurs ? wholeNumber(text(rejectionHeaders.partition)) : -1,
        offset: isOurs ? wholeNumber(text(rejectionHeaders.offset)) : -1,
        reason: reason < 0 ? 255 : reason,
        bytesHi: hi,
        bytesLo: lo,
        atPartition: partition,
        atOffset: record.offset,
      });
    },
  };
}

function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : -1;
}
