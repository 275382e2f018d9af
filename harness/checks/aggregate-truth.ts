/**
 * C6: every published revision k of a (device, window) is the fold of its first k accepted readings; revisions
 * strictly rise; the last one is all of them; no window that is due is absent, none is published before.
 */
import { faultNames } from "../facts/aggregated-rows.ts";
import type { RunFacts, WholeFacts } from "../facts/run-facts.ts";
import { type CheckResult, type RowClause, resultOf } from "./check-result.ts";
import { compareWindow, type FoundWindow, type WindowPlace } from "./compare-window.ts";
import { createExpectedStates, describeState } from "./expected-state.ts";
import { createFindingList, type Finding, type FindingList } from "./finding.ts";
import { gatherPublished, type Published } from "./published.ts";
import { createRightRecords } from "./right-rows.ts";
import { createSolver, type SolveMembers } from "./solve-members.ts";

export function checkAggregateTruth(
  facts: RunFacts,
  published: Published = gatherPublished(facts),
  list: FindingList = createFindingList(),
): CheckResult {
  const clause = createAggregateTruth(facts, list);
  clause.take(facts, published);
  return clause.result();
}

export function createAggregateTruth(
  whole: WholeFacts,
  list: FindingList = createFindingList(),
): RowClause {
  const solve = createSolver(whole);
  let evaluated = 0;
  return {
    take: (facts, published) => {
      evaluated += checkWindows(facts, published, solve, list);
    },
    result: () => resultOf("C6", evaluated, list),
  };
}

/** Returns how many records, and windows without any, were looked at. */
function checkWindows(
  facts: RunFacts,
  published: Published,
  solve: SolveMembers,
  list: FindingList,
): number {
  const { windows } = facts.audit;
  const { device, window, partition } = windows.columns;
  const judgeRecords = createRecordJudge(facts, solve, list);
  const isRight = createRightRecords(facts);
  let evaluated = 0;
  for (let row = 0; row < windows.length; row++) {
    const records = published.of(row);
    const due = published.index.isDue(row);
    if (!due && records.length === 0) continue;
    evaluated += Math.max(1, records.length);
    if (due && records.length === 1 && isRight(row, records[0]!)) continue;
    const name = published.index.nameOf(device[row]!);
    const start = window[row]!;
    const windowEnd = start + facts.plan.options.window.sizeMs;
    const place = { row, device: device[row]!, name, window: start, windowEnd };
    if (records.length > 0) judgeRecords(place, records, due);
    else {
      const at = { device: name, window: start, partition: partition[row]! };
      const topic = facts.record.topics.aggregated;
      const found = "due, and never published";
      list.add(facts.topics.reachedEnd ? "lost-write" : "unseen", () => ({ ...at, topic, found }));
    }
  }
  return evaluated;
}

/** Judges the records of one window in log order. */
function createRecordJudge(facts: RunFacts, solve: SolveMembers, list: FindingList) {
  const states = createExpectedStates(facts.audit);
  const { columns } = facts.topics.aggregated.table;
  const { count, revision, faults, partition, offset } = columns;

  function judge(place: WindowPlace, records: Uint32Array, due: boolean): void {
    const final = states.final(place.row);
    let highest = 0;
    const seen = new Set<number>();
    for (const [nth, at] of records.entries()) {
      const evidence = evidenceOf(place, at);
      const k = revision[at]!;
      // One record is named once, whatever is wrong with it; C2 names a revision that came again.
      let named = seen.has(k);
      seen.add(k);
      const add = (kind: Finding["class"], more: Partial<Finding>): void => {
        if (named) list.echo(kind);
        else list.add(kind, () => ({ ...evidence, ...more }));
        named = true;
      };
      const isLast = nth === records.length - 1;
      if (faults[at] !== 0 || k !== count[at]) {
        const wrong = [...faultNames(faults[at]!), ...(k === count[at] ? [] : ["revision"])];
        add("corrupt", { found: `wrong by itself: ${wrong.join(", ")}` });
      }
      if (!due) add("wrong-aggregate", { expected: "not due", found: `revision ${k} published` });
      else {
        const want = states.at(place.row, count[at]!);
        const fault = compareWindow(states, solve, place, want ?? final, foundAt(at));
        if (fault !== undefined) {
          const { kind, ...said } = fault;
          add(kind, said);
        } else if (isLast && want !== undefined && want.count < final.count) {
          const found = `last published revision ${k}`;
          if (facts.topics.reachedEnd)
            add("stale-final", { expected: describeState(final), found });
          else add("unseen", { expected: describeState(final), found });
        }
      }
      if (k < highest) add("stale-final", { found: `revision ${k} after ${highest}` });
      highest = Math.max(highest, k);
    }
  }

  function evidenceOf(place: WindowPlace, at: number) {
    return {
      device: place.name,
      window: place.window,
      topic: facts.record.topics.aggregated,
      partition: partition[at]!,
      offset: offset[at]!,
    };
  }

  /** Mean, version and digits were judged when the record was read: `faults`. */
  function foundAt(at: number): FoundWindow {
    return {
      count: count[at]!,
      sum: columns.sum[at]!,
      digestHi: columns.digestHi[at]!,
      digestLo: columns.digestLo[at]!,
      digestOk: !faultNames(faults[at]!).includes("digest"),
      min: columns.min[at]!,
      max: columns.max[at]!,
      mean: Number.NaN,
      revision: Number.NaN,
      version: Number.NaN,
    };
  }

  return judge;
}
