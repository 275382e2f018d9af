/**
 * The audit of the raw topic while it flows: every record goes through the oracle's ledger and is compared
 * with the plan, so that a fault of the simulator is told from one of the pipeline. Pure: whoever reads the
 * topic pushes its records here, each partition in its order.
 */
import { createFindingList } from "../checks/finding.ts";
import { createLedger, type LedgerOptions } from "../expected/ledger.ts";
import type { LogRecord } from "../expected/log-record.ts";
import {
  type AuditEnd,
  type AuditFacts,
  type AuditRows,
  missingSpec,
} from "../facts/audit-facts.ts";
import { createAuditTables } from "../facts/audit-tables.ts";
import { createTable } from "../facts/table.ts";
import { createPartitionAudit } from "./raw-audit-partition.ts";

export type RawAudit<End = AuditFacts> = {
  readonly push: (partition: number, record: LogRecord) => void;
  /**
   * The load ended at this event time; no send at or past it was made. Tell it before the closing readings
   * are sent, or soon after: records past the load wait for it.
   */
  readonly cut: (atEventMs: number) => void;
  /** Next offset by partition. */
  readonly nextOffsets: () => readonly number[];
  /** Event ms up to which every partition was heard. */
  readonly heardUntil: () => number;
  /** Windows that may still change: what memory is needed for. */
  readonly openWindows: () => number;
  /** Once. `reachedEnd`: whether all that the topic holds was pushed. */
  readonly finish: (reachedEnd: boolean) => End;
};

export type RawAuditOptions = LedgerOptions & {
  readonly topic: string;
  /** Of a run that is over: the next offset, by partition, when it ended. */
  readonly until?: readonly number[];
};

/** Keeps all rows: for logs that are small beside the memory. */
export function createRawAudit(options: RawAuditOptions): RawAudit {
  const { tables, rows } = createAuditTables();
  const audit = createRawAuditTo(options, rows);
  return { ...audit, finish: (reachedEnd) => ({ ...audit.finish(reachedEnd), ...tables }) };
}

/** Keeps what is open; the rest goes to `rows` as soon as it is final. */
export function createRawAuditTo(options: RawAuditOptions, rows: AuditRows): RawAudit<AuditEnd> {
  const { plan, topic, until } = options;
  const ledger = createLedger(options, rows);
  const findings = createFindingList();
  const audits = Array.from({ length: plan.options.partitions }, (_, partition) =>
    createPartitionAudit({
      plan,
      partition,
      topic,
      ledger,
      findings,
      ...(until === undefined ? {} : { until: until[partition] ?? 0 }),
    }),
  );
  const loadEnd = plan.options.startAt + plan.options.loadMs;
  let cutAt = loadEnd;

  return {
    push: (partition, record) => audits[partition]!.push(record),
    cut: (atEventMs) => {
      cutAt = Math.min(loadEnd, atEventMs);
      for (const audit of audits) audit.cut(cutAt);
    },
    nextOffsets: () => audits.map((audit) => audit.nextOffset()),
    openWindows: ledger.openWindows,
    heardUntil: () => Math.min(...audits.map((audit) => audit.heardUntil())),
    finish: (reachedEnd) => {
      for (const audit of audits) audit.cut(cutAt);
      const { foreignDevices } = ledger.finish();
      const missing = createTable(missingSpec);
      const partitions = audits.map((audit) => audit.finish(missing));
      return {
        schema: 1,
        cutAt,
        reachedEnd,
        partitions,
        foreignDevices,
        findings: findings.findings,
        counts: findings.counts,
        missing,
      };
    },
  };
}
