/**
 * One pass of the harness's own audit over a raw log: batches go through the committed reader of
 * each partition into the audit, as in a run, and no server stands between. Generating and auditing
 * take turns, slab by slab, so that each is measured beside the other.
 */
import type { AuditFacts } from "../../harness/facts/audit-facts.ts";
import { createCommittedReader } from "../../harness/observe/committed-reader.ts";
import { createRawAudit } from "../../harness/observe/raw-audit.ts";
import type { Clock } from "../../pipeline/clock.ts";
import type { Plan } from "../../simulator/plan.ts";
import type { RawBatches, RawLog } from "./raw-log.ts";

export const rawTopic = "raw";
export const digestKey = [0, 0] as const;

export type AuditPassOptions = {
  readonly plan: Plan;
  readonly span: number;
  readonly log: RawLog;
  readonly clock: Clock;
  /** Closing readings that partition 0 lacks at its end. */
  readonly withoutLast?: number;
  /** After each slab. */
  readonly onSlab?: (state: { readonly records: number; readonly share: number }) => void;
};

export type AuditPass = {
  readonly audit: AuditFacts;
  /** Records that the audit took in. */
  readonly records: number;
  readonly generatingMs: number;
  readonly auditingMs: number;
  /** Of this process while it audited, all threads: µs. */
  readonly auditingCpu: number;
  /** From the last record to the audit's facts. */
  readonly finishMs: number;
  /**
   * Bytes that are alive, on the heap and in typed arrays, and RSS: what the pass added up to the
   * last record.
   */
  readonly liveBytes: number;
  readonly residentBytes: number;
};

/** Readings of a slab: a few megabytes of batches, as a fetch of all partitions is. */
const slabReadings = 100_000;

export function auditPass(options: AuditPassOptions): AuditPass {
  const { plan, span, log, clock } = options;
  const { startAt, loadMs, devices, everyMs, partitions } = plan.options;
  const slabMs = Math.max(1, Math.floor((slabReadings * everyMs) / devices));
  const before = memoryNow();
  const audit = createRawAudit({ plan, span, digestKey, topic: rawTopic });
  const readers = Array.from({ length: partitions }, () => createCommittedReader());
  let [records, generatingMs, auditingMs, auditingCpu] = [0, 0, 0, 0];

  function generate(make: () => readonly RawBatches[]): readonly RawBatches[] {
    const from = clock.monotonicMs();
    const slab = make();
    generatingMs += clock.monotonicMs() - from;
    return slab;
  }

  function take(slab: readonly RawBatches[]): void {
    const cpu = process.cpuUsage();
    const from = clock.monotonicMs();
    for (const { partition, bytes } of slab) {
      readers[partition]!.take(bytes, (record) => {
        records += 1;
        audit.push(partition, record);
      });
    }
    auditingMs += clock.monotonicMs() - from;
    const { user, system } = process.cpuUsage(cpu);
    auditingCpu += user + system;
  }

  for (let to = slabMs; to < loadMs + slabMs; to += slabMs) {
    take(generate(() => log.until(startAt + Math.min(to, loadMs))));
    options.onSlab?.({ records, share: Math.min(1, to / loadMs) });
  }
  audit.cut(startAt + loadMs);
  take(generate(() => log.closing(options.withoutLast)));
  const after = memoryNow();
  const from = clock.monotonicMs();
  const facts = audit.finish(true);
  const finishMs = clock.monotonicMs() - from;
  return {
    audit: facts,
    records,
    generatingMs,
    auditingMs,
    auditingCpu,
    finishMs,
    liveBytes: aliveIn(after) - aliveIn(before),
    residentBytes: after.rss - before.rss,
  };
}

/** Without garbage, where the process was started with `--expose-gc`. */
function memoryNow(): NodeJS.MemoryUsage {
  globalThis.gc?.();
  return process.memoryUsage();
}

function aliveIn({ heapUsed, arrayBuffers }: NodeJS.MemoryUsage): number {
  return heapUsed + arrayBuffers;
}
