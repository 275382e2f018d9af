/**
 * The oracle: decides of every raw record, in log order and from the record itself, what must become of it,
 * and what the windows must hold; a row that is final goes to `rows` at once. Written from `contract.md` alone; it shares the codec of the reading
 * with the pipeline and nothing else.
 */
import { isUtf8 } from "node:buffer";
import { emptyRawReading, type RawReading } from "../../pipeline/contract/reading.ts";
import { readReading } from "../../pipeline/contract/reading-codec.ts";
import { fates, type Plan, type PlannedReading } from "../../simulator/plan.ts";
import type { AuditRows } from "../facts/audit-facts.ts";
import { reasonCodes } from "../facts/rejected-rows.ts";
import { bytesHash } from "./bytes-hash.ts";
import type { DigestKey } from "./contributor.ts";
import type { Decision } from "./decision.ts";
import { createDeviceRegister } from "./device-register.ts";
import type { LogRecord } from "./log-record.ts";
import { createStreamTime } from "./stream-time.ts";
import { createWindowLedger } from "./window-ledger.ts";

/** Epoch milliseconds: the year 2255. */
const farthest = 9e12;
const malformed = fates.indexOf("malformed");

export type LedgerOptions = {
  readonly plan: Plan;
  /** The aggregator's setting: seqs that a bitmap of one window covers. */
  readonly span: number;
  readonly digestKey: DigestKey;
};

/** Of one partition: `records` = `folded` + `duplicate` + all of `rejected`. */
type PartitionTally = {
  readonly partition: number;
  records: number;
  folded: number;
  duplicate: number;
  readonly rejected: Record<(typeof reasonCodes)[number], number>;
  /** At the end of the log; undefined while it does not exist. */
  streamTime: number | undefined;
};

export type LedgerFacts = {
  readonly partitions: readonly PartitionTally[];
  readonly foreignDevices: readonly string[];
};

export type Ledger = {
  /** The partition's next record. */
  readonly fold: (partition: number, record: LogRecord) => Decision;
  /**
   * The same for a record that is, byte for byte, this reading of the plan: it need not be taken apart. `reading` and
   * `device` say nothing of it.
   */
  readonly foldPlanned: (partition: number, record: LogRecord, planned: PlannedReading) => Decision;
  /** What the last record held; of no use after `malformed`. */
  readonly reading: RawReading;
  /** Index of the last record's device; -1 after `malformed`. */
  readonly device: () => number;
  readonly tally: (partition: number) => PartitionTally;
  /** Windows that may still change: what memory is needed for. */
  readonly openWindows: () => number;
  /** Once, at the end of the log. */
  readonly finish: () => LedgerFacts;
};

/** `rows`: where windows go that are over, and what is rejected. */
export function createLedger(options: LedgerOptions, rows: AuditRows): Ledger {
  const { plan } = options;
  const { sizeMs, retentionMs, aheadMs, quorum } = plan.options.window;
  const register = createDeviceRegister(plan, options.digestKey);
  const ledger = createWindowLedger(plan, register, options.span, rows);
  const partitions = Array.from({ length: plan.options.partitions }, (_, p) => newTally(p));
  const streams = partitions.map(() => createStreamTime(quorum));
  const reading = emptyRawReading();
  let device = -1;

  function fold(partition: number, record: LogRecord): Decision {
    return book(partition, record, decide(partition, record));
  }

  function foldPlanned(partition: number, record: LogRecord, planned: PlannedReading): Decision {
    if (planned.fate === malformed || Math.abs(planned.at) >= farthest)
      return fold(partition, record);
    const { idBytes, idStart, idEnd } = planned;
    register.meet(planned.device, idBytes, idStart, idEnd);
    return book(partition, record, decideReading(partition, planned.device, planned));
  }

  function book(partition: number, record: LogRecord, decision: Decision): Decision {
    const tally = partitions[partition]!;
    tally.records += 1;
    if (decision === "accepted") tally.folded += 1;
    else if (decision === "duplicate") tally.duplicate += 1;
    else {
      tally.rejected[decision] += 1;
      const { hi, lo } = bytesHash(record);
      const reason = reasonCodes.indexOf(decision);
      const offset = record.offset;
      const rejected = { partition, offset, reason, bytesHi: hi, bytesLo: lo };
      rows.rejected.add(rejected, rows.buckets.ofOffset(offset));
    }
    return decision;
  }

  function decide(partition: number, record: LogRecord): Decision {
    const { bytes, valueStart, valueEnd } = record;
    device = -1;
    if (valueEnd < 0 || !readReading(bytes, valueStart, valueEnd, reading)) return "malformed";
    if (!canBePublished(reading)) return "malformed";
    device = register.indexOf(reading.idBytes, reading.idStart, reading.idEnd);
    if (!isKeyOf(record, reading)) return "wrong-partition";
    return decideReading(partition, device, reading);
  }

  function decideReading(partition: number, device: number, reading: RawReading): Decision {
    if (register.partitionOf(device) !== partition) return "wrong-partition";
    const stream = streams[partition]!;
    const before = stream.now();
    stream.see(device, reading.at);
    const windowStart = Math.floor(reading.at / sizeMs) * sizeMs;
    if (before !== undefined && reading.at > before + aheadMs) return "future";
    if (before !== undefined && before >= windowStart + sizeMs + retentionMs) return "late";
    return ledger.take(device, partition, windowStart, reading, before);
  }

  function finish(): LedgerFacts {
    const times = streams.map((stream) => stream.now());
    for (const tally of partitions) tally.streamTime = times[tally.partition];
    ledger.close(times);
    return { partitions, foreignDevices: register.foreign() };
  }

  return {
    fold,
    foldPlanned,
    reading,
    device: () => device,
    tally: (partition) => partitions[partition]!,
    openWindows: ledger.open,
    finish,
  };
}

function newTally(partition: number): PartitionTally {
  const rejected = { malformed: 0, "wrong-partition": 0, future: 0, late: 0, span: 0 };
  return { partition, records: 0, folded: 0, duplicate: 0, rejected, streamTime: undefined };
}

/**
 * A reading that no aggregate can carry is malformed: names that are no text, or a time so far away that
 * `version` = window end × 1000 + revision would leave the safe integers.
 */
function canBePublished(reading: RawReading): boolean {
  const { idBytes, idStart, idEnd, homeBytes, homeStart, homeEnd, at } = reading;
  return (
    Math.abs(at) < farthest &&
    isText(idBytes, idStart, idEnd) &&
    isText(homeBytes, homeStart, homeEnd)
  );
}

function isText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++)
    if (bytes[i]! >= 0x80) return isUtf8(bytes.subarray(start, end));
  return true;
}

function isKeyOf(record: LogRecord, reading: RawReading): boolean {
  const length = reading.idEnd - reading.idStart;
  if (record.keyEnd - record.keyStart !== length) return false;
  for (let i = 0; i < length; i++) {
    if (record.bytes[record.keyStart + i] !== reading.idBytes[reading.idStart + i]) return false;
  }
  return true;
}
