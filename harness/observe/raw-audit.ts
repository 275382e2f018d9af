/**
 * The audit of the raw topic while it flows: every record goes through the oracle's ledger and is compared
 * with the plan, so that a fault of the simulator is told from one of the pipeline. Pure: whoever reads the
 * topic pushes its records here, each partition in its order.
 */
import { createFindingList } from "../checks/finding.ts";
import { createLedger, type LedgerOptions } from "../expected/ledger.ts";
import type { LogRecord } from "../expected/log-record.ts";
import { type AuditFacts, missingSpec } from "../facts/audit-facts.ts";
import { createTable } from "../facts/table.ts";
import { createPartitionAudit } from "./raw-audit-partition.ts";

export type RawAudit = {
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
  /** Once. `reachedEnd`: whether all that the topic holds was pushed. */
  readonly finish: (reachedEnd: boolean) => AuditFacts;
};

export type RawAuditOptions = LedgerOptions & {
  readonly topic: string;
  /** Of a run that is over: the next offset, by partition, when it ended. */
  readonly until?: readonly number[];
};

export function createRawAudit(options: RawAuditOptions): RawAudit {
  const { plan, topic, until } = options;
  const ledger = createLedger(options);
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
    heardUntil: () => Math.min(...audits.map((audit) => audit.heardUntil())),
    finish: (reachedEnd) => {
      for (const audit of audits) audit.cut(cutAt);
      const facts = ledger.finish();
      const missing = createTable(missingSpec);
      const partitions = audits.map((audit) => audit.finish(missing));
      const { windows, revisions, rejected, foreignDevices } = facts;
      return {
        schema: 1,
        cutAt,
        reachedEnd,
        partitions,
        foreignDevices,
        findings: findings.findings,
        counts: findings.counts,
        windows,
        revisions,
        rejected,
        missing,
      };
    },
  };
}
