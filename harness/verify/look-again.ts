/**
 * Looks at everything that a run left on its servers as it is now: the raw topic audited from its first record by an
 * observer process, the other topics and both stores read whole. New facts go to a folder of their own.
 */
import type { Clock } from "../../simulator/clock.ts";
import { readAuditJson } from "../facts/audit-files.ts";
import { readFactsSeenAgain } from "../facts/run-facts.ts";
import type { RunRecord } from "../facts/run-record.ts";
import { StoreReadError } from "../observe/store-error.ts";
import { readTopicExtents } from "../observe/topic-extents.ts";
import type { Registry } from "../process/registry.ts";
import { grouped } from "../report/terminal-text.ts";
import { type Observer, readToOf, startObserver } from "../run/observer.ts";
import { createProcessSlots } from "../run/process-slots.ts";
import { rejectOn } from "../run/reject-on.ts";
import type { RunFolder } from "../run/run-folder.ts";
import type { RunningStack } from "../stack/running-stack.ts";
import { type ScannedStores, scanNow } from "./scan-now.ts";
import { topicTroubles } from "./topics-now.ts";
import type { Look } from "./verify-run.ts";

export type LookOptions = {
  readonly record: RunRecord;
  readonly stack: RunningStack;
  /** Of the run's own facts. */
  readonly recorded: string;
  /** Where the new ones go, with the observer's log and config. */
  readonly makeFolder: () => RunFolder;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
};

/** The audit takes about 2.4 µs a reading, on a busy machine some times that. */
const auditMsPerRecord = 0.02;
const auditLeastMs = 120_000;
const sayEveryMs = 2_000;

/** Errors: `FactsError`; the signal's reason when it is aborted. Nothing is left running. */
export async function lookAgain(options: LookOptions): Promise<Look> {
  try {
    return await look(options);
  } catch (error) {
    if (!(error instanceof StoreReadError)) throw error;
    return { kind: "undecided", reasons: [error.message] };
  }
}

async function look(options: LookOptions): Promise<Look> {
  const { record, stack, recorded, clock, say } = options;
  const { topics, plan } = record;
  const audit = await readAuditJson(recorded);
  const names = [topics.raw, topics.aggregated, topics.rejected];
  const { bootstrap } = stack.kafka;
  const asked = { bootstrap, topics: names, partitions: plan.partitions, clock };
  const extents = await readTopicExtents(asked);
  const ends = audit.partitions.map(({ endOffset }) => endOffset);
  const named = names.map((name, at) => [name, extents[at]] as const);
  const gone = topicTroubles(named, topics.raw, ends);
  if (gone.length > 0) return { kind: "undecided", reasons: gone };

  const records = (extents[0]?.ends ?? []).reduce((sum, end) => sum + end, 0);
  say(`auditing ${grouped(records)} records of ${topics.raw} again, reading both stores`);
  const folder = options.makeFolder();
  // A run that did not see the end of its own topic cannot say what came after it.
  const until = audit.reachedEnd ? atLeastDrained(ends, record) : undefined;
  const seen = await readAll(options, folder, { cutAt: audit.cutAt, until, records });
  const { stores, deadLetters, troubles, readTo } = seen;
  const died = [...record.died, ...troubles];
  const judged = { ...record, stores, deadLetters, died, ...(readTo && { readTo }) };
  if (!seen.audited) return { kind: "undecided", reasons: judged.died };
  return {
    kind: "seen",
    facts: await readFactsSeenAgain(recorded, folder.factsFolder, judged),
  };
}

/** A run whose own reader stopped short knows from its drain where the raw topic ended. */
function atLeastDrained(
  ends: readonly number[],
  { drainSeen, topics }: RunRecord,
): readonly number[] {
  const stage = drainSeen?.stages.find(({ topic }) => topic === topics.raw);
  const drained = new Map(stage?.partitions.map(({ partition, end }) => [partition, end]));
  return ends.map((end, partition) => Math.max(end, drained.get(partition) ?? 0));
}

type RawTopic = {
  readonly cutAt: number;
  readonly until: readonly number[] | undefined;
  readonly records: number;
};

type Seen = ScannedStores &
  Pick<RunRecord, "readTo"> & {
    /** Whether the observer has left its facts. */
    readonly audited: boolean;
  };

async function readAll(options: LookOptions, folder: RunFolder, raw: RawTopic): Promise<Seen> {
  const { record, stack, clock, registry, signal, say } = options;
  const over = new AbortController();
  const slots = createProcessSlots({ registry, clock, signal });
  const troubles: string[] = [];
  const rows = new Map<string, number>();
  try {
    const observer = await startObserver({
      bootstrap: stack.kafka.bootstrap,
      plan: record.plan,
      topics: record.topics,
      span: record.span,
      folder,
      slots,
      onFirstRevisions: () => {},
      ...(raw.until === undefined ? {} : { until: raw.until }),
    });
    void reportProgress(observer, raw.records, rows, { clock, say, signal: over.signal });
    observer.cut(raw.cutAt);
    const audited = observer.finish(auditLeastMs + raw.records * auditMsPerRecord).then(
      () => true,
      (error: Error) => {
        troubles.push(error.message);
        return false;
      },
    );
    const scanned = scanNow({
      record,
      stack,
      clock,
      folder: folder.factsFolder,
      signal: AbortSignal.any([signal, over.signal]),
      onProgress: (store, count) => rows.set(store, count),
    });
    const [whole, stores] = await Promise.race([
      Promise.all([audited, scanned]),
      rejectOn(signal),
      stack.died.then(({ server }): [boolean, ScannedStores] => {
        const troubles = [`${server} died while it was read again`];
        return [false, { stores: [], deadLetters: [], troubles }];
      }),
    ]);
    return {
      ...stores,
      troubles: [...troubles, ...stores.troubles],
      audited: whole,
      ...readToOf(observer),
    };
  } finally {
    over.abort();
    await slots.stopAll();
  }
}

/** A line every two seconds until the signal: nobody should wonder whether it still works. */
async function reportProgress(
  observer: Observer,
  records: number,
  rows: ReadonlyMap<string, number>,
  { clock, say, signal }: Pick<LookOptions, "clock" | "say" | "signal">,
): Promise<void> {
  for (;;) {
    const isOver = await clock.sleep(sayEveryMs, signal).then(
      () => false,
      () => true, // Only the abort rejects.
    );
    if (isOver) return;
    const audited = observer.progress()?.raw.reduce((sum, offset) => sum + offset, 0) ?? 0;
    const share = records === 0 ? 100 : Math.floor((audited / records) * 100);
    const counts = [...rows].map(([store, n]) => `${store} ${grouped(n)} rows`);
    say([`raw topic ${share} % audited`, ...counts].join(", "));
  }
}
