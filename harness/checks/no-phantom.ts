/**
 * C3: nothing is in a topic that the simulator did not make. No reading of the raw topic is outside the plan or
 * has other bytes than the plan's; no send that surely failed appears; no window is published that no
 * accepted reading belongs to; and nothing is visible of a transaction or a producer that was refused.
 */
import type { RunFacts, WholeFacts } from "../facts/run-facts.ts";
import { type CheckResult, type RowClause, resultOf } from "./check-result.ts";
import { createFindingList, type FindingList, violationsMax } from "./finding.ts";
import { addAudited } from "./from-audit.ts";
import { nameSends } from "./name-sends.ts";
import { createOutcomes } from "./outcomes.ts";
import { gatherPublished, type Published } from "./published.ts";
import { addStrangers } from "./strangers.ts";
import { addTransactions } from "./transactions.ts";

export function checkNoPhantom(
  facts: RunFacts,
  published: Published = gatherPublished(facts),
): CheckResult {
  const clause = createNoPhantom(facts);
  clause.take(facts, published);
  return clause.result();
}

export function createNoPhantom(whole: WholeFacts): RowClause {
  const { audit } = whole;
  const list = createFindingList();
  let evaluated = audit.partitions.reduce((sum, each) => sum + each.records, 0);
  addAudited(list, audit, ["phantom", "corrupt"]);
  addStrangers(whole, list);
  addAbortedReads(whole, list);
  return {
    take: (facts, published) => {
      evaluated += facts.topics.aggregated.table.length;
      addForeign(facts, published, list);
    },
    result: () => {
      evaluated += addTransactions(whole, list);
      return resultOf("C3", evaluated, list);
    },
  };
}

function addForeign(
  { plan, record, topics }: RunFacts,
  published: Published,
  list: FindingList,
): void {
  const { device, window, partition, offset } = topics.aggregated.table.columns;
  for (const at of published.foreign) {
    const text = topics.aggregated.deviceTexts.get(at);
    list.add("phantom", () => ({
      device: text ?? plan.deviceId(device[at]!),
      ...(Number.isNaN(window[at]!) ? {} : { window: window[at]! }),
      topic: record.topics.aggregated,
      partition: partition[at]!,
      offset: offset[at]!,
      found: "a window without an accepted reading",
    }));
  }
}

/** A failed send is absent when the audit passed over it, or the log ended before it. */
function addAbortedReads(facts: WholeFacts, list: FindingList): void {
  const { audit, plan, record } = facts;
  const outcomes = createOutcomes(facts.acks);
  if (outcomes.count("failed") === 0) return;
  const { partition, position } = audit.missing.columns;
  for (const { partition: p, tailFrom } of audit.partitions) {
    const absent = new Set<number>();
    for (let i = 0; i < audit.missing.length; i++) if (partition[i] === p) absent.add(position[i]!);
    const present: number[] = [];
    for (const { from, to, outcome } of outcomes.ranges(p)) {
      if (outcome !== "failed") continue;
      for (let at = from; at < Math.min(to, tailFrom); at++) if (!absent.has(at)) present.push(at);
    }
    const named = nameSends(facts, p, new Set(present.slice(0, violationsMax)));
    for (let i = 0; i < present.length; i++) {
      const send = named[i];
      const id = send && {
        device: plan.deviceId(send.device),
        ...plan.readingId(send.device, send.index),
      };
      const found = "a send that had surely failed";
      list.add("aborted-read", () => ({ ...id, topic: record.topics.raw, partition: p, found }));
    }
  }
}
