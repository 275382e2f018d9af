/**
 * One pass of the harness's own audit over a raw log: batches go through the committed reader of
 * each partition into the audit, and its rows into files, as in a run; no server stands between.
 * The judgement reads them there.
 * Generating and auditing take turns, slab by slab, so that each is measured beside the other.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AuditBuckets,
  openAuditFacts,
  openAuditFiles,
} from "../../harness/facts/audit-files.ts";
import { type Buckets, bucketsOf } from "../../harness/facts/buckets.ts";
import { createCommittedReader } from "../../harness/observe/committed-reader.ts";
import { createRawAuditTo } from "../../harness/observe/raw-audit.ts";
import type { Clock } from "../../pipeline/clock.ts";
import type { Plan } from "../../simulator/plan.ts";
import { aliveIn, memoryNow } from "./memory-now.ts";
import type { RawBatches, RawLog } from "./raw-log.ts";

export const rawTopic = "raw";
export const digestKey = [0, 0] as const;

export type AuditPassOptions = {
  readonly plan: Plan;
  readonly span: number;
  readonly log: RawLog;
  readonly clock: Clock;
  /** Where the rows go. */
  readonly folder: string;
  /** What they are divided into; as in a run unless said. */
  readonly buckets?: Buckets;
  /** Closing readings that partition 0 lacks at its end. */
  readonly withoutLast?: number;
  /** After each slab. */
  readonly onSlab?: (state: { readonly records: number; readonly share: number }) => void;
};

export type AuditPass = {
  /** Read from the folder, as long as it is there. */
  readonly audit: AuditBuckets;
  /** Records that the audit took in. */
  readonly records: number;
  readonly generatingMs: number;
  readonly auditingMs: number;
  /** Of this process while it audited, all threads: µs. */
  readonly auditingCpu: number;
  /** From the last record to the audit's facts, found in their files. */
  readonly finishMs: number;
  /**
   * At the last record of the load: bytes that are alive, on the heap and in typed arrays, and RSS
   * (what the pass added), and the windows that could still change.
   */
  readonly liveBytes: number;
  readonly residentBytes: number;
  readonly openWindows: number;
};

/** Readings of a slab: a few megabytes of batches, as a fetch of all partitions is. */
const slabReadings = 100_000;

export async function auditPass(options: AuditPassOptions): Promise<AuditPass> {
  const { plan, span, log, clock, folder, buckets = bucketsOf(plan) } = options;
  const { startAt, loadMs, devices, everyMs, partitions } = plan.options;
  const slabMs = Math.max(1, Math.floor((slabReadings * everyMs) / devices));
  const before = memoryNow();
  const files = openAuditFiles(folder, buckets);
  const audit = createRawAuditTo({ plan, span, digestKey, topic: rawTopic }, files);
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
  const after = memoryNow();
  const openWindows = audit.openWindows();
  audit.cut(startAt + loadMs);
  take(generate(() => log.closing(options.withoutLast)));
  const from = clock.monotonicMs();
  await files.end(audit.finish(true));
  const facts = await openAuditFacts(folder);
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
    openWindows,
  };
}

/** Gone with all that is in it when it is disposed of. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "fleetproof-audit-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
