import { expect, test } from "vitest";
import { judge } from "../../../harness/checks/judge.ts";
import type { TransactionFacts } from "../../../harness/facts/transaction-rows.ts";
import {
  factsOf,
  type History,
  honestHistory,
  type Published,
  type StoredRow,
  type Transaction,
} from "./history.ts";
import { session, stretch } from "./transaction-stretches.ts";

const [committed, aborted] = [0, 1];
const judged = (changes: Partial<History>) => judge(factsOf({ ...honestHistory, ...changes }));
const classes = (changes: Partial<History>) => judged(changes).findings.map((each) => each.class);

const third = (partition: number, outcome: number, topic = 0): Transaction =>
  stretch(partition, 2, [300, 310, 330], { outcome, topic });

test("torn-txn: a transaction that is committed in one partition and aborted in another", () => {
  const transactions = [...session, third(0, committed), third(1, aborted)];
  expect(judged({ transactions })).toMatchObject({
    verdict: "FAIL",
    findings: [
      {
        class: "torn-txn",
        topic: "aggregated",
        partition: 0,
        offset: 20,
        expected: "all or nothing of a transaction of producer 7, epoch 0",
        found: "committed here, aborted at aggregated/1@20",
      },
    ],
  });
});

test("torn-txn: across the two topics, and once however many partitions it had", () => {
  const one = [third(0, committed), third(1, committed)];
  const other = [third(0, aborted, 1), third(1, aborted, 1)];
  expect(classes({ transactions: [...session, ...one, ...other] })).toEqual(["torn-txn"]);
});

test("near miss: a transaction that was aborted, and the next one that committed elsewhere", () => {
  const lost = stretch(1, 2, [300, 310, 330], { outcome: aborted });
  const next = stretch(0, 2, [331, 332, 340]);
  expect(judged({ transactions: [...session, lost, next] }).verdict).toBe("PASS");
});

test("near miss: two producers, or two epochs of one, may end as they like at the same time", () => {
  const other = { ...third(1, aborted), producerId: 8 };
  const earlier = { ...third(1, aborted), epoch: 1, markerEpoch: 1 };
  for (const lost of [other, earlier]) {
    expect(judged({ transactions: [...session, third(0, committed), lost] }).verdict).toBe("PASS");
  }
});

test("near miss: clocks that contradict themselves tell nothing", () => {
  const jumped = stretch(0, 3, [150, 151, 400]);
  const transactions = [...session, third(0, committed), third(1, aborted), jumped];
  expect(judged({ transactions }).verdict).toBe("PASS");
});

test("a producer whose clock is an hour ahead is judged like any other", () => {
  const ahead = ({ firstStamp = 0, lastStamp = 0, ...rest }: Transaction): Transaction => ({
    ...rest,
    firstStamp: firstStamp + 3_600_000,
    lastStamp: lastStamp + 3_600_000,
  });
  const transactions = [...session, third(0, committed), third(1, aborted)].map(ahead);
  expect(classes({ transactions })).toEqual(["torn-txn"]);
});

test("zombie-write: committed records of an epoch behind those of a later one", () => {
  const newer = stretch(0, 2, [300, 301, 303], { epoch: 1, markerEpoch: 1 });
  const zombie = stretch(0, 3, [400, 401, 403]);
  expect(judged({ transactions: [...session, newer, zombie] })).toMatchObject({
    verdict: "FAIL",
    findings: [
      {
        class: "zombie-write",
        topic: "aggregated",
        partition: 0,
        offset: 30,
        expected: "nothing of producer 7 below epoch 1, which is at offset 20",
        found: "9 committed records of epoch 0",
      },
    ],
  });
});

test("zombie-write: the marker with which a successor ended what was open is enough", () => {
  const fenced = stretch(0, 2, [300, 301, 303], { outcome: aborted, markerEpoch: 1 });
  const zombie = stretch(0, 3, [400, 401, 403]);
  expect(classes({ transactions: [...session, fenced, zombie] })).toEqual(["zombie-write"]);
});

test("near miss: what a fenced producer had left open is aborted behind its successor's first batch", () => {
  const open = stretch(0, 2, [300, 301, 320], {
    outcome: aborted,
    markerOffset: 45,
    markerEpoch: 1,
  });
  const newer = stretch(0, 3, [310, 311, 312], { epoch: 1, markerEpoch: 1 });
  expect(judged({ transactions: [...session, open, newer] }).verdict).toBe("PASS");
});

test("near miss: with an epoch for each transaction, markers are one above their batches", () => {
  const kip890 = [0, 1, 2].map((epoch) =>
    stretch(0, epoch, [epoch * 100, epoch * 100 + 1, epoch * 100 + 3], {
      epoch,
      markerEpoch: epoch + 1,
    }),
  );
  expect(judged({ transactions: kip890 }).verdict).toBe("PASS");
});

const { published } = honestHistory;
const facts = factsOf(honestHistory);

/** The published records, the one at `at` by another producer. */
function withProducers(records: readonly Published[], producerOf: (nth: number) => number) {
  const bent = factsOf({ ...honestHistory, published: records });
  const { producerId } = bent.topics.aggregated.table.columns;
  for (let nth = 0; nth < records.length; nth++) producerId[nth] = producerOf(nth);
  return judge(bent);
}

const again = published[40]!;
const twice = [...published.slice(0, 60), again, ...published.slice(60)];

test("zombie-write: what a partition's new owner had published comes again from the one before it", () => {
  const judgement = withProducers(twice, (nth) => (nth < 30 || nth === 60 ? 7 : 8));
  expect(judgement.findings).toEqual([
    expect.objectContaining({
      class: "zombie-write",
      device: again.aggregate.device.id,
      window: again.aggregate.window.start,
      found: expect.stringContaining("by producer 7, whose successor had written it"),
    }),
  ]);
});

test("near miss: what the owner itself, or its successor, publishes again is a plain duplicate", () => {
  const same = withProducers(twice, () => 7);
  const successor = withProducers(twice, (nth) => (nth < 60 ? 7 : 8));
  for (const { findings } of [same, successor]) {
    expect(findings.map((each) => each.class)).toEqual(["duplicate"]);
  }
});

const phantom = {
  partition: 0,
  aggregate: {
    ...again.aggregate,
    device: { ...again.aggregate.device, id: "t-phantom" },
  },
};
const rows = honestHistory.cassandra;
const [first, ...others] = rows;
const higher: Published = {
  partition: 0,
  aggregate: { ...first!.aggregate, count: 99, revision: 99, digest: "00000000000000ff" },
};
const stored = ({ aggregate }: Published): StoredRow => ({ aggregate, group: first!.group });

test("aborted-read: a row that only an aborted transaction ever held, of a foreign device or a known one", () => {
  const foreign = { aborted: [phantom], cassandra: [...rows, stored(phantom)] };
  const known = { aborted: [higher], cassandra: [stored(higher), ...others] };
  for (const changes of [foreign, known]) {
    expect(judged(changes)).toMatchObject({
      verdict: "FAIL",
      findings: [
        {
          class: "aborted-read",
          store: "cassandra",
          found: expect.stringMatching(/^what was aborted at aggregated\/0@1000$/),
        },
      ],
    });
  }
});

test("near miss: aborted aggregates that nobody stored, and those that were committed later", () => {
  const aborted = [phantom, higher, ...published.slice(0, 9)];
  expect(judged({ aborted }).verdict).toBe("PASS");
});

test("near miss: a wrong row that no aborted transaction explains keeps its class", () => {
  expect(classes({ cassandra: [...rows, stored(phantom)] })).toEqual(["phantom"]);
  const stale = published.find(({ aggregate }) => keyOf(aggregate) === multiple)!;
  const cassandra = rows.map((row) => (keyOf(row.aggregate) === multiple ? stored(stale) : row));
  expect(classes({ aborted: [stale], cassandra })).toEqual(["stale-final"]);
});

function keyOf({ device, window }: StoredRow["aggregate"]): string {
  return `${device.id}/${window.start}`;
}

/** A window of which more than one revision was published. */
const multiple = published
  .map(({ aggregate }) => keyOf(aggregate))
  .find((key, at, all) => all.indexOf(key) !== at)!;

test("UNKNOWN: a folder of a version that noted no transactions, and more of them than there was room for", () => {
  const { topics } = facts;
  const noted = topics.transactions as TransactionFacts;
  const bent = [{ ...topics, transactions: "not-kept" as const }];
  const full = { ...topics, transactions: { ...noted, dropped: 3 } };
  for (const each of [...bent, full]) {
    const judgement = judge({ ...facts, topics: each });
    expect(judgement.verdict).toBe("UNKNOWN");
    expect(judgement.findings.map((finding) => finding.class)).toEqual(["unseen"]);
  }
});
