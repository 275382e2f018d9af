import { expect, test } from "vitest";
import type { AbortedTransaction, FetchedPartition } from "../../../pipeline/kafka/port.ts";
import { createCommittedFilter } from "../../../pipeline/kafka/read-committed.ts";
import { slowEncode } from "./wire/slow-batch.ts";

const alice = 1;
const bob = 2;

test("a committed transaction is seen, its marker is not, and the offset moves past it", () => {
  const seen = read(createCommittedFilter(), [data(alice, 0, 3), commit(alice, 3)]);
  expect(seen).toEqual({ bases: [0], next: 4 });
});

test("an aborted transaction is not seen", () => {
  const log = [data(alice, 0), data(bob, 1), abort(alice, 2), commit(bob, 3)];
  expect(read(createCommittedFilter(), log, [aborted(alice, 0)])).toEqual({ bases: [1], next: 4 });
});

test("two transactions that are open at the start of a fetch are told apart", () => {
  const log = [data(bob, 10), data(alice, 11), abort(bob, 12), commit(alice, 13), data(bob, 14)];
  const seen = read(createCommittedFilter(), [...log, commit(bob, 15)], [aborted(bob, 3)], 10);
  expect(seen.bases).toEqual([11, 14]);
});

test("the aborted of a fetch count from their first offset, in whatever order they came", () => {
  const log = [
    data(alice, 0),
    commit(alice, 1),
    data(bob, 2),
    abort(bob, 3),
    data(alice, 4),
    abort(alice, 5),
  ];
  const listed = [aborted(alice, 4), aborted(bob, 2)];
  expect(read(createCommittedFilter(), log, listed).bases).toEqual([0]);
});

test("one producer that aborts twice in a fetch is hidden twice, and seen in between", () => {
  const log = [
    data(alice, 0),
    abort(alice, 1),
    data(alice, 2),
    commit(alice, 3),
    data(alice, 4),
    abort(alice, 5),
    data(alice, 6),
    commit(alice, 7),
  ];
  const listed = [aborted(alice, 4), aborted(alice, 0)];
  expect(read(createCommittedFilter(), log, listed)).toEqual({ bases: [2, 6], next: 8 });
});

test("an abort whose marker comes with a later fetch hides what that fetch brings before it", () => {
  const filter = createCommittedFilter();
  expect(read(filter, [data(alice, 0)], [aborted(alice, 0)]).bases).toEqual([]);
  expect(read(filter, [data(alice, 1), data(bob, 2)], [], 1).bases).toEqual([2]);
  const last = [data(alice, 3), abort(alice, 4), data(alice, 5), commit(alice, 6)];
  expect(read(filter, last, [], 3)).toEqual({ bases: [5], next: 7 });
});

test("a transaction that is listed again by the next fetch is still one", () => {
  const filter = createCommittedFilter();
  const listed = [aborted(alice, 0)];
  expect(read(filter, [data(alice, 0)], listed).bases).toEqual([]);
  const rest = [data(alice, 1), abort(alice, 2), data(alice, 3), commit(alice, 4)];
  expect(read(filter, rest, listed, 1).bases).toEqual([3]);
});

test("a marker before the wanted offset still ends its transaction", () => {
  const log = [data(alice, 0), abort(alice, 1), data(alice, 2), commit(alice, 3)];
  const seen = read(createCommittedFilter(), log, [aborted(alice, 0)], 2);
  expect(seen).toEqual({ bases: [2], next: 4 });
});

test("a producer without transactions is seen whatever is listed", () => {
  const plain = slowEncode({ ...shape(alice, 0, 2), attributes: 0 });
  const seen = read(createCommittedFilter(), [plain], [aborted(alice, 0)]);
  expect(seen).toEqual({ bases: [0], next: 2 });
});

test("a data record of four zero bytes as its key is no marker", () => {
  const shaped = shape(alice, 0, 1);
  const zeros = shaped.records.map((record) => ({ ...record, key: Buffer.alloc(4) }));
  const lookalike = slowEncode({ ...shaped, records: zeros });
  const log = [lookalike, data(alice, 1), commit(alice, 2)];
  expect(read(createCommittedFilter(), log)).toEqual({ bases: [0, 1], next: 3 });
});

test("the next offset follows what a batch covers, not its last record", () => {
  const compacted = slowEncode({ ...shape(alice, 0, 2), lastOffsetDelta: 9 });
  expect(read(createCommittedFilter(), [compacted]).next).toBe(10);
});

test("a batch that ends before the wanted offset is old; one that reaches past it is handed over", () => {
  const log = [data(alice, 0, 5), data(alice, 5, 5), commit(alice, 10)];
  expect(read(createCommittedFilter(), log, [], 7)).toEqual({ bases: [5], next: 11 });
});

test("a fetch without bytes moves nothing", () => {
  expect(read(createCommittedFilter(), [], [], 42)).toEqual({ bases: [], next: 42 });
});

function shape(producerId: number, baseOffset: number, count: number) {
  return {
    baseOffset,
    lastOffsetDelta: count - 1,
    attributes: 16,
    baseTimestamp: 0,
    maxTimestamp: 0,
    producerId,
    producerEpoch: 0,
    baseSequence: 0,
    records: Array.from({ length: count }, (_, index) => {
      const offset = baseOffset + index;
      return { offset, timestamp: 0, key: null as Buffer | null, value: null, headers: [] };
    }),
  };
}

function data(producerId: number, baseOffset: number, count = 1): Buffer {
  return slowEncode(shape(producerId, baseOffset, count));
}

function commit(producerId: number, offset: number): Buffer {
  return marker(producerId, offset, 1);
}

function abort(producerId: number, offset: number): Buffer {
  return marker(producerId, offset, 0);
}

/** Key of a control record: version 0, then its type. */
function marker(producerId: number, offset: number, type: number): Buffer {
  const key = Buffer.from([0, 0, 0, type]);
  const record = { offset, timestamp: 0, key, value: Buffer.alloc(6), headers: [] };
  return slowEncode({ ...shape(producerId, offset, 1), attributes: 48, records: [record] });
}

function aborted(producerId: number, firstOffset: number): AbortedTransaction {
  return { producerId, firstOffset };
}

function read(
  filter: ReturnType<typeof createCommittedFilter>,
  batches: readonly Buffer[],
  listed: readonly AbortedTransaction[] = [],
  from = 0,
): { bases: number[]; next: number } {
  const fetched: FetchedPartition = {
    topic: "t",
    partition: 0,
    batches: Buffer.concat(batches),
    highWatermark: 100,
    lastStableOffset: 100,
    logStartOffset: 0,
    aborted: listed,
  };
  const bases: number[] = [];
  const next = filter(fetched, from, (batch) => bases.push(batch.baseOffset));
  return { bases, next };
}
