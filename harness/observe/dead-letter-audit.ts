/**
 * The records of one dead-letter topic as rows. Names of the headers are Kafka Connect's (KIP-298). Judges nothing:
 * records are pushed here.
 */
import { decodeAggregate } from "../../pipeline/contract/aggregate.ts";
import type { LogRecord } from "../expected/log-record.ts";
import { createDeadLetterRows, type DeadLetterRows } from "../facts/dead-letter-rows.ts";
import { parseDigest } from "../facts/digest-text.ts";
import { addValues } from "../facts/table.ts";
import { type Header, headerNumber, headerText } from "./header-values.ts";

export type DeadLetterAudit = {
  readonly rows: DeadLetterRows;
  readonly push: (partition: number, record: LogRecord, headers: readonly Header[]) => void;
};

const prefix = "__connect.errors.";
/** Different reasons that are kept, and how much of each: a report stays readable. */
const reasonsMax = 20;
const reasonLength = 200;

/** `aggregatedTopic`: the topic that the header must name as the source. */
export function createDeadLetterAudit(options: {
  readonly store: string;
  readonly topic: string;
  readonly aggregatedTopic: string;
}): DeadLetterAudit {
  const { store, topic, aggregatedTopic } = options;
  const rows = createDeadLetterRows(store, topic);

  function note(reason: string): void {
    const isKept = rows.reasons.has(reason) || rows.reasons.size < reasonsMax;
    const name = isKept ? reason : "other reasons";
    rows.reasons.set(name, (rows.reasons.get(name) ?? 0) + 1);
  }

  return {
    rows,
    push: (partition, record, headers) => {
      const text = (name: string): string | undefined => headerText(headers, prefix + name);
      const number = (name: string): number => headerNumber(headers, prefix + name);
      const { bytes, offset, valueStart, valueEnd } = record;
      const value = valueEnd < 0 ? undefined : bytes.subarray(valueStart, valueEnd);
      const aggregate = value === undefined ? undefined : decodeAggregate(value);
      const digest = aggregate === undefined ? undefined : parseDigest(aggregate.digest);
      const source = [number("partition"), number("offset")] as const;
      const isNamed = text("topic") === aggregatedTopic && source.every((at) => at >= 0);
      addValues(rows.table, {
        ofAggregated: isNamed ? 1 : 0,
        partition: source[0],
        offset: source[1],
        readable: digest === undefined ? 0 : 1,
        count: aggregate?.count ?? Number.NaN,
        revision: aggregate?.revision ?? Number.NaN,
        sum: aggregate?.temperature.sum ?? Number.NaN,
        digestHi: digest?.hi ?? 0,
        digestLo: digest?.lo ?? 0,
        atPartition: partition,
        atOffset: offset,
      });
      const said = text("exception.message") ?? "no reason given";
      note(`${text("stage") ?? "no stage"}: ${withoutNumbers(said).slice(0, reasonLength)}`);
    },
  };
}

/** One reason is one sentence, whichever record it was said of. */
function withoutNumbers(text: string): string {
  return text.replace(/\b\d+\b/g, "n");
}
