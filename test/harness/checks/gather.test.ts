import { expect, test } from "vitest";
import { judge } from "../../../harness/checks/judge.ts";
import { gatherPublished } from "../../../harness/checks/published.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import { emptyRawReading } from "../../../pipeline/contract/reading.ts";
import { writeReadingAvro } from "../../../pipeline/contract/reading-avro.ts";
import type { RawRecord } from "../expected/brute-force.ts";
import {
  aggregateHonestly,
  factsOf,
  honestHistory,
  honestLog,
  options,
  type Published,
  storeHonestly,
} from "./history.ts";

const { published } = honestHistory;
const one = published[40]!;
const keyOf = ({ aggregate: { device, window } }: Published) => `${device.id}/${window.start}`;
const endOf = (partition: number) =>
  published.filter((each) => each.partition === partition).length;

/** The ledger row of a published window. */
function rowOf({ audit, plan }: RunFacts, of: Published): number {
  const { device, window } = audit.windows.columns;
  return [...device.subarray(0, audit.windows.length)].findIndex(
    (known, row) => `${plan.deviceId(known)}/${window[row]}` === keyOf(of),
  );
}

test("the records of a window are those of its device and time, in log order", () => {
  const facts = factsOf(honestHistory);
  const { index, of, foreign } = gatherPublished(facts);
  expect(foreign).toEqual([]);
  for (const record of [published[0]!, one, published.at(-1)!]) {
    const rows = published.flatMap((each, nth) => (keyOf(each) === keyOf(record) ? [nth] : []));
    expect([...of(rowOf(facts, record))]).toEqual(rows);
    expect(index.isDue(rowOf(facts, record))).toBe(true);
  }
});

test("log order is by offset, in whatever order the records came to be on file", () => {
  const twice = published.find(
    (each) => published.filter((other) => keyOf(other) === keyOf(each)).length === 2,
  )!;
  const facts = factsOf(honestHistory);
  const row = rowOf(facts, twice);
  const { offset } = facts.topics.aggregated.table.columns;
  const [first, second] = gatherPublished(facts).of(row);
  [offset[first!], offset[second!]] = [offset[second!]!, offset[first!]!];
  expect([...gatherPublished(facts).of(row)]).toEqual([second, first]);
});

/** A reading of a device that is not in the plan. */
function strange(id: string, at: number, seq: number): RawRecord {
  const key = Buffer.from(id);
  const reading = { ...emptyRawReading(), idBytes: key, idEnd: key.length, seq, at };
  const bytes = new Uint8Array(400);
  return { key, value: bytes.slice(0, writeReadingAvro(bytes, 0, reading)) };
}

test("a device that nobody planned is one phantom for each reading, and else judged like any other", () => {
  const at = options.startAt + 30 * options.everyMs;
  // At least one of them has its key in this partition.
  const strangers = ["stranger-a", "stranger-b", "stranger-c"];
  const readings = [0, 1, 2].flatMap((seq) =>
    strangers.map((id) => strange(id, at + seq * options.everyMs, seq)),
  );
  const first: readonly RawRecord[] = honestLog[0]!;
  const log = [first.toSpliced(300, 0, ...readings), honestLog[1]!];
  const honest = aggregateHonestly(log);
  const rows = storeHonestly(honest.published);
  const history = { ...honestHistory, log, ...honest, elasticsearch: rows, cassandra: rows };
  const { findings } = judge(factsOf(history));
  expect(findings.map((each) => each.class)).toEqual(readings.map(() => "phantom"));
  const last = rows.findLastIndex(({ aggregate }) => strangers.includes(aggregate.device.id));
  const less = factsOf({ ...history, cassandra: rows.toSpliced(last, 1) });
  expect(judge(less).results.find(({ clause }) => clause === "C7")?.findings).toEqual([
    {
      ...{ class: "lost-write", device: rows[last]!.aggregate.device.id, store: "cassandra" },
      ...{ window: rows[last]!.aggregate.window.start, found: "no row" },
    },
  ]);
});

const poison = new TextEncoder().encode("{ ");
const foreignWith = (
  record: Published,
  place: { topic: string; partition: number; offset: number },
) =>
  gatherPublished(
    factsOf({
      ...honestHistory,
      published: [...published, record],
      record: { poisons: [place] },
    }),
  ).foreign;

test("near miss: an unreadable record is the run's own poison only at the place where it put one", () => {
  const { partition, aggregate } = one;
  const place = { topic: "aggregated", partition, offset: endOf(partition) };
  const unreadable = { partition, aggregate, poison };
  expect(foreignWith(unreadable, place)).toEqual([]);
  for (const other of [
    { ...place, topic: "raw" },
    { ...place, partition: 1 - partition },
    { ...place, offset: place.offset + 1 },
  ]) {
    expect(foreignWith(unreadable, other)).toEqual([published.length]);
  }
});

test("planted: a record that can be read, at the place of a poison, is a phantom all the same", () => {
  const { partition, aggregate: a } = one;
  const start = a.window.start + 86_400_000;
  const far = { partition, aggregate: { ...a, window: { ...a.window, start } } };
  const place = { topic: "aggregated", partition, offset: endOf(partition) };
  expect(foreignWith(far, place)).toEqual([published.length]);
});
