/**
 * C13: what a job skipped is exactly what its dead-letter topic holds. Each window that its store lacks, or holds in
 * an older revision than the last published one, has a dead letter of that last record; so has each poison record.
 * Each dead letter names a record of the aggregated topic and carries its values; none is of a last revision that the
 * store has all the same. That the store lacks them is C7's finding; here they are accounted for.
 */
import type { RunFacts, WholeFacts } from "../facts/run-facts.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { createDeadLetterTopic, type DeadLetterTally } from "./dead-letter-topic.ts";
import { createFindingList } from "./finding.ts";
import type { Published } from "./published.ts";
import type { Lacking, StoreTally } from "./store-truth.ts";
import type { Reason } from "./validity.ts";

type DeadLetterResult = {
  readonly result: CheckResult;
  readonly tallies: ReadonlyMap<string, DeadLetterTally>;
};

/** Bucket after bucket, then the result. */
export function createDeadLetters(whole: WholeFacts) {
  const list = createFindingList();
  const topics = whole.deadLetters.map((rows) => createDeadLetterTopic(whole, rows, list));
  let evaluated = 0;
  return {
    take(facts: RunFacts, published: Published, lacking: Lacking): void {
      for (const each of topics) {
        evaluated += facts.audit.windows.length;
        each.take(facts, published, lacking.get(each.store) ?? new Set());
      }
    },
    /** Undefined for a run none of whose jobs has a dead-letter topic. */
    result(): DeadLetterResult | undefined {
      if (topics.length === 0) return undefined;
      const tallies = new Map(topics.map((each) => [each.store, each.tally()]));
      const letters = whole.deadLetters.reduce((sum, { table }) => sum + table.length, 0);
      return { result: resultOf("C13", evaluated + letters, list), tallies };
    },
  };
}

/** What a policy skipped is not persisted, whatever becomes of the dead letters: said beside C7, which counts it. */
export function skippedReasons(
  facts: Pick<WholeFacts, "deadLetters">,
  tallies: ReadonlyMap<string, DeadLetterTally> = new Map(),
): readonly Reason[] {
  return facts.deadLetters.flatMap(({ store, topic }): readonly Reason[] => {
    const skipped = tallies.get(store)?.skipped ?? 0;
    if (skipped === 0) return [];
    const why =
      `${store} lacks ${skipped} windows that its job skipped under its error policy; ` +
      `each of them lies in the dead-letter topic ${topic}`;
    return [{ verdict: "FAIL", why }];
  });
}

/** The stores' tallies with what the dead letters say of them. */
export function withSkipped(
  stores: Readonly<Record<string, StoreTally>>,
  tallies: ReadonlyMap<string, DeadLetterTally> = new Map(),
): Readonly<Record<string, StoreTally>> {
  const entries = Object.entries(stores).map(([store, tally]): [string, StoreTally] => {
    const letters = tallies.get(store);
    if (letters === undefined) return [store, tally];
    const { skipped, deadLetters, reasons: deadLetterReasons } = letters;
    return [store, { ...tally, skipped, deadLetters, deadLetterReasons }];
  });
  return Object.fromEntries(entries);
}
