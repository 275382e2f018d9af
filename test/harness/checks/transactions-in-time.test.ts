import fc from "fast-check";
import { expect, test } from "vitest";
import { checkNoPhantom } from "../../../harness/checks/no-phantom.ts";
import type { TransactionFacts } from "../../../harness/facts/transaction-rows.ts";
import { factsOf, honestHistory, type Transaction } from "./history.ts";
import { session, stretch } from "./transaction-stretches.ts";

const [committed, aborted, open] = [0, 1, 2];

const slow = [300, 310, 330] as const;

function found(...transactions: readonly Transaction[]) {
  const { findings } = checkNoPhantom(factsOf({ ...honestHistory, transactions }));
  return findings.map(({ class: kind, partition, offset, expected }) =>
    [kind, `${partition}@${offset}`, expected].join(" "),
  );
}
const torn = "all or nothing of a transaction of producer 7, epoch 0";

test("in whatever order transactions are on file, the same is found of them", () => {
  const all = [
    ...session,
    stretch(0, 2, slow),
    stretch(1, 2, slow, { outcome: aborted }),
    stretch(1, 2, slow, { topic: 1 }),
    stretch(1, 3, [400, 401, 403], { epoch: 1, markerEpoch: 1 }),
    stretch(1, 4, [500, 501, 503]),
  ];
  const zombie = "zombie-write 1@40 nothing of producer 7 below epoch 1, which is at offset 30";
  const right = [zombie, `torn-txn 0@20 ${torn}`];
  expect(found(...all)).toEqual(right);
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
      expect(found(...shuffled)).toEqual(right);
    }),
    { numRuns: 10 },
  );
});

test("a transaction that had ended, by the producer's clock at its furthest, is another one", () => {
  const lost = stretch(1, 2, slow, { outcome: aborted });
  expect(found(...session, lost, stretch(0, 2, [328, 340, 350]))).toEqual([]);
  expect(found(...session, lost, stretch(0, 2, [327, 340, 350]))).toEqual([
    `torn-txn 0@20 ${torn}`,
  ]);
});

test("near miss: many committed ones in one row are no single transaction", () => {
  const lost = stretch(1, 2, slow, { outcome: aborted });
  expect(found(...session, lost, stretch(0, 2, slow, { transactions: 3 }))).toEqual([]);
});

test("an open transaction has no marker to go by: it neither makes one of two nor hides a third", () => {
  const hung = { outcome: open, markerOffset: Number.NaN, markerStamp: Number.NaN };
  const lost = stretch(1, 2, slow, { outcome: aborted });
  const others = [...session, lost, stretch(0, 2, [331, 332, 340])];
  expect(found(...others, stretch(0, 5, [340, 341, 0], hung))).toEqual([]);
  const fenced = stretch(0, 2, [300, 301, 303], { outcome: aborted, markerEpoch: 1 });
  const zombie = stretch(0, 3, [400, 401, 403]);
  const first = stretch(0, 0, [50, 51, 0], { ...hung, firstOffset: -5 });
  expect(found(...session, first, fenced, zombie)).toEqual([
    "zombie-write 0@30 nothing of producer 7 below epoch 1, which is at offset 29",
  ]);
});

test("near miss: what a fenced producer wrote and was taken back is nobody's to see", () => {
  const newer = stretch(0, 2, [300, 301, 303], { epoch: 1, markerEpoch: 1 });
  const late = stretch(0, 3, [400, 401, 403], { outcome: aborted, markerEpoch: 1 });
  expect(found(...session, newer, late)).toEqual([]);
});

test("planted: markers count where they stand, also behind that of a later transaction", () => {
  const end = { outcome: aborted, markerOffset: 45, markerEpoch: 1 };
  const left = stretch(0, 2, [300, 301, 420], end);
  const fenced = stretch(0, 3, [310, 311, 312], { epoch: 1, outcome: aborted, markerEpoch: 2 });
  const zombie = { epoch: 1, outcome: committed, lastOffset: 43, markerOffset: 44, markerEpoch: 1 };
  expect(found(...session, left, fenced, stretch(0, 4, [400, 401, 403], zombie))).toEqual([
    "zombie-write 0@40 nothing of producer 7 below epoch 2, which is at offset 39",
  ]);
});

test("what is not on file is said to be missing; facts made of no log have none", () => {
  const facts = factsOf(honestHistory);
  const noted = facts.topics.transactions as TransactionFacts;
  const check = (transactions: TransactionFacts | "not-kept") =>
    checkNoPhantom({ ...facts, topics: { ...facts.topics, transactions } }).findings;
  expect(check("not-kept")).toEqual([
    {
      class: "unseen",
      expected: "the transactions of the pipeline's topics",
      found: "not on file: the run folder is of a version that did not record them",
    },
  ]);
  expect(check({ ...noted, dropped: 3 })).toEqual([
    {
      class: "unseen",
      expected: "every transaction on file",
      found: "3 transactions found no room in memory",
    },
  ]);
  const { transactions: _, ...topics } = facts.topics;
  expect(checkNoPhantom({ ...facts, topics }).verdict).toBe("PASS");
});
