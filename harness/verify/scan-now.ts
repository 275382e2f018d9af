/**
 * The stores of a run, and the dead-letter topics of its jobs, as they are now, read whole: where they lie follows from
 * the run's id and its record.
 */
import { runNames } from "../../pipeline/contract/names.ts";
import type { Clock } from "../../simulator/clock.ts";
import { createPlan } from "../../simulator/plan.ts";
import { writeDeadLetters } from "../facts/dead-letter-files.ts";
import type { RunRecord } from "../facts/run-record.ts";
import { type DeadLetterTopic, readDeadLetterTopics } from "../observe/read-dead-letters.ts";
import { recordScan } from "../observe/record-scan.ts";
import { StoreReadError } from "../observe/store-error.ts";
import { readStore } from "../run/stores.ts";
import type { StoreMapping, StoreName } from "../scenario/scenario.ts";
import type { StackAddresses } from "../stack/running-stack.ts";

export type ScannedStores = {
  /** Whose rows are in the folder now. */
  readonly stores: readonly StoreName[];
  /** Whose dead letters are in the folder now. */
  readonly deadLetters: readonly DeadLetterTopic[];
  /** A sentence for each that could not be read. */
  readonly troubles: readonly string[];
};

/** Writes what was read to `folder`; all at once, so that it takes the time of the slowest. */
export async function scanNow(options: {
  readonly record: RunRecord;
  readonly stack: StackAddresses;
  readonly clock: Clock;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (store: StoreName, rows: number) => void;
}): Promise<ScannedStores> {
  const { record, folder, stack, signal, onProgress } = options;
  const target = runNames(record.run);
  const plan = createPlan(record.plan);
  const mappings = Object.entries(record.mappings) as [StoreName, StoreMapping][];
  const troubles: string[] = [];
  const stores: StoreName[] = [];
  const read = async ([store, mapping]: (typeof mappings)[number]): Promise<void> => {
    try {
      const note = (rows: number): void => onProgress(store, rows);
      const asked = { stack, target, signal, onProgress: note };
      await recordScan({ folder, store, mapping, plan }, (taker) => readStore(store, asked, taker));
      stores.push(store);
    } catch (error) {
      if (!(error instanceof StoreReadError)) throw error;
      troubles.push(`the scan of ${store}: ${error.message}`);
    }
  };
  const letters = readLetters(options).catch((error: unknown) => {
    if (!(error instanceof StoreReadError)) throw error;
    troubles.push(error.message);
    return [];
  });
  const [deadLetters] = await Promise.all([letters, ...mappings.map(read)]);
  // In the order of the run's own record, whichever was read first.
  return {
    stores: mappings.map(([name]) => name).filter((name) => stores.includes(name)),
    deadLetters,
    troubles,
  };
}

async function readLetters({
  record,
  stack,
  folder,
  clock,
  signal,
}: Parameters<typeof scanNow>[0]): Promise<readonly DeadLetterTopic[]> {
  const { deadLetters: topics = [], topics: names } = record;
  const { bootstrap } = stack.kafka;
  const asked = { bootstrap, topics, aggregatedTopic: names.aggregated, clock, signal };
  for (const rows of await readDeadLetterTopics(asked)) await writeDeadLetters(folder, rows);
  return topics;
}
