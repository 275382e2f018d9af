import { expect, test } from "vitest";
import {
  readCheckpointName,
  writeCheckpointName,
} from "../../../pipeline/aggregator/checkpoint-name.ts";
import {
  appendCheckpoint,
  type Checkpoint,
  createCheckpointReader,
} from "../../../pipeline/aggregator/checkpoint-records.ts";
import { batchBytes, createOutbox } from "../../../pipeline/aggregator/outbox.ts";
import {
  emptyRecord,
  firstRecord,
  nextRecord,
} from "../../../pipeline/kafka/wire/record-cursor.ts";
import { batchOf, type RawRecord } from "./raw-records.ts";

const large = Buffer.alloc(1_300_000, "state ");

function recordsOf(sequence: number, state: Buffer): RawRecord[] {
  const records: RawRecord[] = [];
  const outbox = createOutbox();
  const append: typeof outbox.append = (key, keyStart, keyEnd, value, valueStart, valueEnd) => {
    records.push({
      key: Buffer.from(key!.subarray(keyStart, keyEnd)),
      value: Buffer.from(value!.subarray(valueStart, valueEnd)),
    });
  };
  const checkpoint = { sequence, input: sequence * 100, fingerprint: "{}", state };
  expect(appendCheckpoint({ ...outbox, append }, checkpoint)).toBe(records.length);
  return records;
}

function read(records: readonly RawRecord[]): Checkpoint[] {
  const reader = createCheckpointReader();
  const view = emptyRecord();
  const found: Checkpoint[] = [];
  for (let more = firstRecord(batchOf(records, 0), view); more; more = nextRecord(view)) {
    const whole = reader.take(view);
    if (whole !== undefined) found.push(whole);
  }
  return found;
}

test("a state is split into records that fit into a batch, and put together again", () => {
  const records = recordsOf(4, large);
  expect(records).toHaveLength(3);
  for (const { value } of records) expect(value!.length).toBeLessThan(batchBytes);
  const [whole] = read(records);
  expect(whole).toMatchObject({ sequence: 4, input: 400, chunks: 3, fingerprint: "{}" });
  expect(whole!.state.equals(large)).toBe(true);
});

test("an empty state is a checkpoint too", () => {
  expect(read(recordsOf(0, Buffer.alloc(0)))[0]!.state).toHaveLength(0);
});

test("successive checkpoints share no key, so that compaction keeps the one before", () => {
  const keys = (sequence: number) => recordsOf(sequence, large).map(({ key }) => String(key));
  expect(keys(6)).toEqual(["0/0", "0/1", "0/2"]);
  expect(keys(7)).toEqual(["1/0", "1/1", "1/2"]);
});

test("parts that compaction left of older checkpoints are passed over", () => {
  const old = recordsOf(1, large);
  const newer = recordsOf(2, large);
  const found = read([old[1]!, old[2]!, newer[0]!, old[1]!, newer[1]!, newer[2]!, old[2]!]);
  expect(found.map(({ sequence }) => sequence)).toEqual([2]);
});

test("a record that is no checkpoint is named by its offset", () => {
  const foreign = { key: Buffer.from("k"), value: Buffer.from("no checkpoint") };
  expect(() => read([foreign])).toThrow("offset 0 of the checkpoint topic holds no checkpoint");
});

test("a checkpoint's name fits into an offset's metadata and comes back whole", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const name = { sequence: most, from: most, chunks: 9999, input: most };
  const metadata = writeCheckpointName(name);
  expect(metadata.length).toBeLessThanOrEqual(200);
  expect(readCheckpointName(metadata)).toEqual(name);
});

test("metadata that is not ours names no checkpoint", () => {
  for (const metadata of [
    "",
    "null",
    "7",
    "{}",
    '{"v":1,"sequence":-1}',
    '{"v":2}',
    "reset by me",
  ]) {
    expect(readCheckpointName(metadata)).toBeUndefined();
  }
});
