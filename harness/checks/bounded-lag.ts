/**
 * C12: what was sent is worked off within a stated time after the load. A backlog that stood still
 * until it was waited for no longer is a `stall`, with stage and partition; one that still shrank
 * at the deadline was only not seen to end. A transaction that nobody ends holds up every reader
 * behind it: `hung-txn`, with its producer where the log named one. Only the aggregated and the
 * rejected topic are looked at for those; of the aggregator's own checkpoints and offsets a restart
 * would tell.
 */
import type { WholeFacts } from "../facts/run-facts.ts";
import type { DrainedStage } from "../facts/run-record.ts";
import { transactionOutcomes, transactionTopics } from "../facts/transaction-rows.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { createFindingList, type FindingList } from "./finding.ts";
import { stoodOf } from "./progress.ts";

type Facts = Pick<WholeFacts, "record" | "topics">;

export function checkBoundedLag(facts: Facts): CheckResult {
  const { drain, drainSeen } = facts.record;
  const list = createFindingList();
  const hung = addHung(facts, list);
  const stages = drainSeen?.stages ?? [];
  const last = stages.at(-1);
  if (drain !== "empty") {
    const added = last === undefined ? 0 : addBacklog(facts, last, list);
    if (added === 0 && hung === 0) addUnnamed(facts, list);
  }
  const partitions = stages.reduce((sum, stage) => sum + stage.partitions.length, 0);
  // A folder that says only how the drain ended says the one thing that counts.
  return resultOf("C12", Math.max(1, partitions), list);
}

/**
 * Each partition in which work was left. A partition that C11 has named is not named again. Returns
 * how many.
 */
function addBacklog({ record }: Facts, last: DrainedStage, list: FindingList): number {
  const { stage, topic, partitions } = last;
  const named = new Set(
    record.faults.filter((fault) => fault.stage === stage).flatMap((fault) => stoodOf(fault)),
  );
  const behind = partitions.filter(
    ({ committed, lastStable }) => lastStable > Math.max(0, committed),
  );
  for (const { partition, committed, lastStable, end } of behind) {
    const place = { topic, partition, offset: Math.max(0, committed) };
    const kind = kindOf(record);
    const found = `${stage} ${howItEnded(record)}: committed ${committed} of ${lastStable}, log end ${end}`;
    if (kind === "stall" && named.has(partition)) list.echo(kind);
    else list.add(kind, () => ({ ...place, expected: expectedOf(record), found }));
  }
  return behind.length;
}

/** Where nothing else is known than that it did not end. */
function addUnnamed({ record }: Facts, list: FindingList): void {
  const stage = record.drainSeen?.stages.at(-1)?.stage ?? "a stage";
  const found = `${stage} ${howItEnded(record)}`;
  list.add(kindOf(record), () => ({ expected: expectedOf(record), found }));
}

/**
 * Transactions without an end, and offsets that one holds up without having been seen itself.
 * Returns how many.
 */
function addHung({ record, topics }: Facts, list: FindingList): number {
  const kind = record.died.length > 0 ? "unseen" : "hung-txn";
  const expected = "every transaction committed or aborted once the pipeline is at rest";
  const named = new Set<string>();
  const { transactions } = topics;
  if (transactions !== undefined && transactions !== "not-kept") {
    const { columns } = transactions.table;
    for (let row = 0; row < transactions.table.length; row++) {
      if (transactionOutcomes[columns.outcome[row]!] !== "open") continue;
      const topic = record.topics[transactionTopics[columns.topic[row]!]!];
      const partition = columns.partition[row]!;
      const offset = columns.firstOffset[row]!;
      const who = `producer ${columns.producerId[row]}, epoch ${columns.epoch[row]}`;
      const found = `a transaction of ${who} is open since offset ${offset}`;
      named.add(`${topic}/${partition}`);
      list.add(kind, () => ({ topic, partition, offset, expected, found }));
    }
  }
  const last = record.drain === "empty" ? undefined : record.drainSeen?.stages.at(-1);
  for (const { partition, lastStable, end } of last?.partitions ?? []) {
    if (last === undefined || lastStable === end || named.has(`${last.topic}/${partition}`))
      continue;
    const found = `an open transaction keeps readers below ${end}`;
    named.add(`${last.topic}/${partition}`);
    list.add(kind, () => ({ topic: last.topic, partition, offset: lastStable, expected, found }));
  }
  return named.size;
}

/** What still shrank, or had no chance because something died, is not proven to stand still. */
function kindOf({ drain, died }: Facts["record"]): "stall" | "unseen" {
  return drain === "stalled" && died.length === 0 ? "stall" : "unseen";
}

function howItEnded({ drain }: Facts["record"]): string {
  return drain === "stalled"
    ? "stood still with a backlog"
    : "still had a backlog, though it shrank";
}

function expectedOf({ drainSeen }: Facts["record"]): string {
  if (drainSeen === undefined) return "no backlog after the load";
  return `no backlog ${(drainSeen.withinMs / 1_000).toFixed(0)} s after the load`;
}
