/**
 * A broker of one topic for tests of the producer: checks sequences as Kafka does (the last five batches of a producer
 * are known again, a gap is refused, but an unknown producer may begin anywhere) and does to each batch what a script says.
 */
import { type Batch, emptyBatch, readBatch } from "../../pipeline/kafka/wire/batch-reader.ts";
import { brokerCodes } from "../../pipeline/kafka/wire/error-codes.ts";
import { emptyRecord, firstRecord, nextRecord } from "../../pipeline/kafka/wire/record-cursor.ts";
import type { ProducePort } from "../../simulator/hot-producer.ts";

/**
 * `ok`: written and acked. `moved`: not written, NOT_LEADER. `left`: written, NOT_LEADER: the broker stopped leading
 * before it could ack. `away`: not sent, there is no leader. `lost-request`: not written, no answer.
 * `lost-answer`: written, no answer. `refused`: not written, MESSAGE_TOO_LARGE. `forgotten`: not written,
 * UNKNOWN_PRODUCER_ID.
 */
export type Fault =
  | "ok"
  | "moved"
  | "left"
  | "away"
  | "lost-request"
  | "lost-answer"
  | "refused"
  | "forgotten";

export type FakeBroker = ProducePort & {
  /** Values by partition, in log order. */
  readonly log: (partition: number) => readonly string[];
  /** Every attempt: what was sent, in order. */
  readonly attempts: {
    partition: number;
    producerId: number;
    sequence: number;
    hex: string;
    values: string[];
  }[];
  /** Answers are held back while this is set. */
  hold: Promise<void> | undefined;
  readonly largestUnderWay: () => number;
  closed: boolean;
};

type Known = { sequence: number; count: number; offset: number };

/** `script` is asked once for each batch that arrives. */
export function createFakeBroker(script: (partition: number) => Fault): FakeBroker {
  const logs = new Map<number, string[]>();
  const known = new Map<string, { next: number; last: Known[] }>();
  const attempts: FakeBroker["attempts"] = [];
  let producers = 100;
  let underWay = 0;
  let largest = 0;

  function write(partition: number, bytes: Buffer): { errorCode: number; baseOffset: number } {
    const batch = emptyBatch();
    if (!readBatch(bytes, 0, batch)) throw new Error("a cut batch was sent");
    const { producerId, baseSequence: sequence, count } = batch;
    const values = valuesOf(batch);
    attempts.push({ partition, producerId, sequence, hex: bytes.toString("hex"), values });
    const fault = script(partition);
    if (fault === "moved") return { errorCode: brokerCodes.notLeaderOrFollower, baseOffset: -1 };
    if (fault === "away") return { errorCode: brokerCodes.leaderNotAvailable, baseOffset: -1 };
    if (fault === "refused") return { errorCode: brokerCodes.messageTooLarge, baseOffset: -1 };
    if (fault === "forgotten") return { errorCode: brokerCodes.unknownProducerId, baseOffset: -1 };
    if (fault === "lost-request")
      return { errorCode: brokerCodes.networkException, baseOffset: -1 };
    const key = `${producerId}/${partition}`;
    const producer = known.get(key) ?? { next: sequence, last: [] };
    known.set(key, producer);
    const again = producer.last.find((each) => each.sequence === sequence && each.count === count);
    const log = logs.get(partition) ?? [];
    logs.set(partition, log);
    let offset = again?.offset;
    if (offset === undefined) {
      if (sequence !== producer.next) {
        return { errorCode: brokerCodes.outOfOrderSequence, baseOffset: -1 };
      }
      offset = log.length;
      log.push(...values);
      producer.next = (sequence + count) % 2 ** 31;
      producer.last = [...producer.last.slice(-4), { sequence, count, offset }];
    }
    const unheard =
      fault === "left" ? brokerCodes.notLeaderOrFollower : brokerCodes.networkException;
    const errorCode = fault === "ok" ? brokerCodes.none : unheard;
    return { errorCode, baseOffset: errorCode === 0 ? offset : -1 };
  }

  const broker: FakeBroker = {
    hold: undefined,
    closed: false,
    attempts,
    log: (partition) => logs.get(partition) ?? [],
    largestUnderWay: () => largest,
    produce: async (batches) => {
      underWay += 1;
      largest = Math.max(largest, underWay);
      await broker.hold;
      const results = batches.map(({ partition, bytes }) => write(partition, bytes));
      underWay -= 1;
      return results;
    },
    initProducer: async () => ({ producerId: producers++, producerEpoch: 0 }),
    close: async () => {
      broker.closed = true;
    },
  };
  return broker;
}

function valuesOf(batch: Batch): string[] {
  const values: string[] = [];
  const record = emptyRecord();
  for (let more = firstRecord(batch, record); more; more = nextRecord(record)) {
    values.push(record.bytes.toString("utf8", record.valueStart, record.valueEnd));
  }
  return values;
}
