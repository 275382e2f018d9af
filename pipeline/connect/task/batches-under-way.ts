/**
 * The batches of one topic that are being written, oldest first: while the store answers the last
 * writes of one, it works on the next. Versions make it harmless that writes overlap; what follows
 * a write (skips, dead letters, offsets) happens strictly in the order of the batches, and never
 * for a batch after one that failed or was given up: its records are read again.
 */
import type { JobConfig } from "../config/job-config.ts";
import type { Work } from "./assignment-work.ts";
import { commitNow } from "./commit-now.ts";
import { type BegunBatch, beginBatch, finishBatch } from "./store-batch.ts";
import type { ReadBatch } from "./topic-reader.ts";

/** With two the store is never without work; more are only more to hold and to write again. */
const mostBatches = 2;

export type BatchesUnderWay = {
  /** Only when there is room: after `finishUntil`. */
  readonly begin: (batch: ReadBatch) => Promise<void>;
  /**
   * What `next` comes to, once there is room for another batch; batches that are written are
   * finished meanwhile. "given-up" when one of them was. `next` must not reject. Errors:
   * `TaskError` of the oldest that failed, and those of commits.
   */
  readonly finishUntil: <T>(next: Promise<T>) => Promise<T | "given-up">;
  /** False when a batch was given up. Errors: as above. */
  readonly finishAll: () => Promise<boolean>;
  /** Waits until nothing is being written any more, whatever came of it. Never rejects. */
  readonly settled: () => Promise<void>;
};

export function createBatchesUnderWay(topic: string, work: Work): BatchesUnderWay {
  const most = mayOverlap(work.config) ? mostBatches : 1;
  const begun: BegunBatch[] = [];

  async function finishOldest(): Promise<boolean> {
    if (!(await finishBatch(topic, begun.shift()!, work))) return false;
    if (work.commits.isDue()) await commitNow(work);
    return true;
  }

  return {
    begin: async (batch) => {
      begun.push(await beginBatch(batch, work));
    },
    finishUntil: async (next) => {
      for (let oldest = begun[0]; oldest !== undefined; oldest = begun[0]) {
        if (begun.length < most) {
          const isWritten = oldest.written.then(() => true);
          const isNext = next.then(() => false);
          if (!(await Promise.race([isWritten, isNext]))) break;
        }
        if (!(await finishOldest())) return "given-up";
      }
      return await next;
    },
    finishAll: async () => {
      while (begun.length > 0) {
        if (!(await finishOldest())) return false;
      }
      return true;
    },
    settled: async () => {
      // The task ends with one error: that of a batch before these.
      for (const written of await Promise.all(begun.map(({ written }) => written))) {
        if (written.kind !== "broken") continue;
        const cause = written.error instanceof Error ? written.error.message : written.error;
        work.log.warn({ cause }, "a later batch failed, too: it will be written again");
      }
    },
  };
}

/** Merged documents have no versions: the order of their writes is all they have. */
function mayOverlap({ store, statements }: Pick<JobConfig, "store" | "statements">): boolean {
  const merges = store.store === "elasticsearch" && store.mergeUpserts;
  return !(merges && statements.some(({ mode }) => mode === "UPSERT"));
}
