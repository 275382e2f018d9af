/**
 * C9: a replay is a no-op on the visible state of the stores, and what is made anew by one (a store, the aggregates of a
 * second aggregator) equals the old. It counts only with evidence: records were read again, and the store itself counted
 * the writes. What retention has cut off before it could be read again leaves the clause undecided; a stage that stands
 * still before it has come to the end of a replay is a `stall`.
 */
import type { WholeFacts } from "../facts/run-facts.ts";
import type { ChangedRow, ReplayRecord, ReplayStall, RunRecord } from "../facts/run-record.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { type AnomalyClass, createFindingList, type FindingList } from "./finding.ts";

const classes = {
  gone: "lost-write",
  back: "time-travel",
  changed: "corrupt",
  extra: "phantom",
  split: "split-key",
} as const satisfies Record<ChangedRow["change"], AnomalyClass>;

/** Undefined when no replay was asked for. */
export function checkReplay({ record }: WholeFacts): CheckResult | undefined {
  const { replayStalls = [] } = record;
  const evaluated = record.replays.length + replayStalls.length;
  if (evaluated === 0) return undefined;
  const list = createFindingList();
  for (const replay of record.replays) {
    const { mode, store, digestBefore, digestAfter, changed = [] } = replay;
    const cut = cutSentence(replay, record.topics.aggregated);
    if (cut !== undefined) {
      const expected = "every record from offset 0";
      list.add("unseen", () => ({ store, expected, found: cut, during: mode }));
    }
    // Where the beginning is gone, what is made anew must lack what stood there; that says nothing of the pipeline.
    if (digestBefore === digestAfter || (cut !== undefined && !mode.startsWith("rewind"))) continue;
    const expected = `state ${digestBefore}, as before the replay (${mode})`;
    list.add("corrupt", () => ({ store, expected, found: `state ${digestAfter}` }));
    for (const { change, ...row } of changed) {
      list.add(classes[change], () => ({ store, ...row, during: mode }));
    }
  }
  for (const stall of replayStalls) addStall(stall, record, list);
  const result = resultOf("C9", evaluated, list);
  return record.replays.some(isUnproven) && result.verdict === "PASS"
    ? { ...result, verdict: "INVALID" }
    : result;
}

/** Whether it may have been an empty gesture. One that was cut is undecided, whatever it came to. */
function isUnproven(replay: ReplayRecord): boolean {
  const { records, rowsBefore, cut = 0, writesSeen, writesLeast } = replay;
  if (cut > 0) return false;
  return records === 0 || rowsBefore === 0 || writesSeen < Math.max(1, writesLeast);
}

/** Why replays may have been empty gestures, one each. */
export function unprovenSentences({ record }: Pick<WholeFacts, "record">): readonly string[] {
  return record.replays
    .filter(isUnproven)
    .map(({ mode, store, records, rowsBefore, writesSeen }) =>
      rowsBefore === 0
        ? `replay (${mode}) proves nothing: ${store} had no row yet that it could have changed`
        : `replay (${mode}): ${store} counted ${writesSeen} writes for ${records} records`,
    );
}

/** Each partition in which work was left. */
function addStall(
  { mode, stage, topic, partitions }: ReplayStall,
  { died }: Pick<RunRecord, "died">,
  list: FindingList,
): void {
  // Where something died, nobody can say what the stage would have come to.
  const kind = died.length > 0 ? "unseen" : "stall";
  const behind = partitions.filter(({ committed, end }) => Math.max(0, committed) < end);
  for (const { partition, committed, end } of behind) {
    const place = { topic, partition, offset: Math.max(0, committed) };
    const expected = `${stage} comes to the end of the topic`;
    const found = `${stage} stood still with a backlog: committed ${committed}, log end ${end}`;
    list.add(kind, () => ({ ...place, expected, found, during: mode }));
  }
}

/** One for each replay that could not be whole. */
export function cutSentences({ record }: Pick<WholeFacts, "record">): readonly string[] {
  const sentences = record.replays.map((replay) => cutSentence(replay, record.topics.aggregated));
  return [...new Set(sentences.filter((sentence) => sentence !== undefined))];
}

function cutSentence(
  { mode, cut = 0, topic: read }: ReplayRecord,
  aggregated: string,
): string | undefined {
  if (cut === 0) return undefined;
  return `replay (${mode}): retention has cut ${cut} offsets off the beginning of ${read ?? aggregated}: a replay of what is left proves nothing about them`;
}
