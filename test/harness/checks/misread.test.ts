import { expect, test } from "vitest";
import { judge } from "../../../harness/checks/judge.ts";
import { misreadSentences } from "../../../harness/checks/misread.ts";
import type { DrainedStage, RunRecord } from "../../../harness/facts/run-record.ts";
import { factsOf, type History, honestHistory } from "./history.ts";

const rawEnds = honestHistory.log.map((log) => log.length);
const aggregatedEnds = [0, 1].map(
  (p) => honestHistory.published.filter(({ partition }) => partition === p).length,
);

function drained(stage: string, topic: string, ends: readonly number[]): DrainedStage {
  const at = (end: number) => ({ committed: end, lastStable: end, end });
  return { stage, topic, partitions: ends.map((end, partition) => ({ partition, ...at(end) })) };
}

/** What the drain saw, and the readers' own positions. */
function positions(raw: readonly number[], aggregated: readonly number[]): Partial<RunRecord> {
  const stages = [
    drained("aggregator", "raw", rawEnds),
    drained("elasticsearch", "aggregated", aggregatedEnds),
    drained("cassandra", "aggregated", aggregatedEnds),
  ];
  return { drainSeen: { afterMs: 1, withinMs: 1_000, stages }, readTo: { raw, aggregated } };
}

function factsWith(record: Partial<RunRecord>, more: Partial<History> = {}) {
  return factsOf({ ...honestHistory, ...more, record });
}

test("a raw topic read to an end that is stale makes the run INVALID, and accuses nobody", () => {
  const short = honestHistory.log.map((log) => log.slice(0, log.length >> 1));
  const readTo = short.map((log) => log.length);
  const { verdict, findings, reasons } = judge(
    factsWith(positions(readTo, aggregatedEnds), { log: short }),
  );
  expect(verdict).toBe("INVALID");
  expect(findings).toEqual([]);
  expect(reasons.map(({ why }) => why)).toEqual([
    `the harness took offset ${readTo[0]} for the end of raw-0, which ends at ${rawEnds[0]} ` +
      "(so in 2 partitions): it judged by less than the pipeline read",
  ]);
});

test("an audit that read nothing of a topic that holds something makes the run INVALID", () => {
  const { verdict } = judge(factsWith(positions([0, 0], aggregatedEnds), { log: [[], []] }));
  expect(verdict).toBe("INVALID");
});

test("an aggregated topic read short is told once, however many jobs drained it", () => {
  const readTo = [aggregatedEnds[0]!, aggregatedEnds[1]! - 1];
  const sentences = misreadSentences(factsWith(positions(rawEnds, readTo)));
  expect(sentences).toHaveLength(1);
  expect(sentences[0]).toContain(`offset ${readTo[1]} for the end of aggregated-1`);
});

test("readers that came to the drain's ends, or past them, read what there was", () => {
  const later = rawEnds.map((end) => end + 3);
  expect(misreadSentences(factsWith(positions(rawEnds, aggregatedEnds)))).toEqual([]);
  expect(misreadSentences(factsWith(positions(later, aggregatedEnds)))).toEqual([]);
});

test("a reader that says itself that it did not come to the end is no matter of this check", () => {
  const facts = factsWith(positions([1, 1], [1, 1]), {
    rawReachedEnd: false,
    topicsReachedEnd: false,
  });
  expect(misreadSentences(facts)).toEqual([]);
});

test("an audit that says it was cut short leaves open what is held against its ledger", () => {
  const log = honestHistory.log.map((records) => records.slice(0, records.length >> 1));
  const { verdict, results, findings } = judge(factsWith({}, { log, rawReachedEnd: false }));
  expect(verdict).toBe("UNKNOWN");
  expect(findings.filter((finding) => finding.class !== "unseen")).toEqual([]);
  const open = results.filter((result) => result.verdict === "UNKNOWN");
  expect(open.map(({ clause }) => clause)).toEqual(["C1", "C5", "C6", "C7", "C8"]);
});

test("what the log shows by itself is found also where it was cut short", () => {
  const [first, ...others] = honestHistory.log;
  const doubled = first!.slice(0, 40);
  const log = [[...doubled, doubled[39]!, doubled[39]!], ...others];
  const { verdict, findings } = judge(factsWith({}, { log, rawReachedEnd: false }));
  expect(verdict).toBe("FAIL");
  expect(findings.map((finding) => finding.class)).toContain("duplicate");
});

test("folders that hold neither position are judged as ever", () => {
  expect(misreadSentences(factsWith({}))).toEqual([]);
});

test("one partition that was read short is told alone; either position without the other tells nothing", () => {
  const short = [rawEnds[0]! - 1, rawEnds[1]!];
  const [first, ...others] = misreadSentences(factsWith(positions(short, aggregatedEnds)));
  expect(others).toEqual([]);
  expect(first).toBe(
    `the harness took offset ${short[0]} for the end of raw-0, which ends at ${rawEnds[0]}: ` +
      "it judged by less than the pipeline read",
  );
  const { drainSeen, readTo } = positions(short, aggregatedEnds);
  expect(misreadSentences(factsWith({ drainSeen: drainSeen! }))).toEqual([]);
  expect(misreadSentences(factsWith({ readTo: readTo! }))).toEqual([]);
});

test("a topic that no reader of the harness follows to its end is no matter of this check", () => {
  const readTo = { raw: rawEnds, aggregated: aggregatedEnds };
  const stages = [drained("aggregator", "elsewhere", [999_999, 999_999])];
  const record = { readTo, drainSeen: { afterMs: 1, withinMs: 1_000, stages } };
  expect(misreadSentences(factsWith(record))).toEqual([]);
});
