import { expect, test } from "vitest";
import { bytesHash } from "../../../harness/expected/bytes-hash.ts";
import {
  contributionHi,
  contributionLo,
  deviceHash,
} from "../../../harness/expected/contributor.ts";
import { keyPartition } from "../../../harness/expected/key-partition.ts";
import { murmur3 } from "../../../harness/expected/murmur3.ts";
import { digestText, parseDigest } from "../../../harness/facts/digest-text.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("murmur3 gives the published vectors, every length of tail among them", () => {
  const vectors: readonly [string, number, number][] = [
    ["", 0, 0],
    ["", 1, 0x514e28b7],
    ["", 0xffffffff, 0x81f16f39],
    ["test", 0, 0xba6bd213],
    ["test", 0x9747b28c, 0x704b81dc],
    ["Hello, world!", 0, 0xc0363e43],
    ["Hello, world!", 0x9747b28c, 0x24884cba],
    ["The quick brown fox jumps over the lazy dog", 0, 0x2e4ff723],
    ["aaa", 0x9747b28c, 0x283e0130],
    ["aa", 0x9747b28c, 0x5d211726],
    ["a", 0x9747b28c, 0x7fa09ea6],
  ];
  for (const [text, seed, hash] of vectors) expect(murmur3(bytes(text), seed)).toBe(hash);
});

test("a key's partition is the one of Kafka's own murmur2", () => {
  // Source: Kafka, UtilsTest.testMurmur2.
  const vectors: readonly [string, number][] = [
    ["21", -973932308],
    ["foobar", -790332482],
    ["a-little-bit-long-string", -985981536],
    ["a-little-bit-longer-string", -1486304829],
    ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
    ["abc", 479470107],
  ];
  for (const [text, hash] of vectors) {
    const positive = hash & 0x7fffffff;
    for (const partitions of [1, 7, 8, 1000]) {
      expect(keyPartition(bytes(text), partitions)).toBe(positive % partitions);
    }
  }
});

test("the digest of a window gives the vectors of the contract", () => {
  const base = deviceHash(bytes("t-0000042"), [0, 0]);
  const digestOf = (seqs: readonly number[]): string => {
    let [hi, lo] = [0, 0];
    for (const seq of seqs) {
      hi = (hi + contributionHi(base.hi, 0, seq)) >>> 0;
      lo = (lo + contributionLo(base.lo, 0, seq)) >>> 0;
    }
    return digestText(hi, lo);
  };
  expect(digestOf([0])).toBe("2e2e11e14cd028d0");
  expect(digestOf(Array.from({ length: 30 }, (_, seq) => seq))).toBe("4048969ebe7149d4");
});

test("a digest is read only from 16 lower-case hex digits", () => {
  expect(parseDigest("4048969ebe7149d4")).toEqual({ hi: 0x4048969e, lo: 0xbe7149d4 });
  for (const text of ["4048969EBE7149D4", "4048969ebe7149d", "x048969ebe7149d4", 5, undefined]) {
    expect(parseDigest(text)).toBeUndefined();
  }
});

/** A record whose bytes begin and end with others that are not its own. */
function record(key: string | null, value: string | null) {
  const text = `..${key ?? ""}${value ?? ""}..`;
  const middle = 2 + (key?.length ?? 0);
  return {
    ...{ bytes: bytes(text), offset: 0, keyStart: 2, keyEnd: key === null ? -1 : middle },
    ...{ valueStart: middle, valueEnd: value === null ? -1 : text.length - 2 },
  };
}

test("key and value, each with its bytes, its length and whether it is there, make another hash", () => {
  const [empty, a, b] = ["", "a", "b"];
  const keys = [null, empty, a, b, "aa"];
  const all = keys.flatMap((key) => keys.map((value) => bytesHash(record(key, value))));
  expect(new Set(all.map(({ hi }) => hi)).size).toBe(all.length);
  expect(new Set(all.map(({ lo }) => lo)).size).toBe(all.length);
  expect(all.filter(({ hi, lo }) => hi === lo)).toEqual([]);
});

test("a hash is of the record's own bytes, wherever they lie", () => {
  const one = record("key", "value");
  const alone = { ...one, bytes: bytes("keyvalue"), keyStart: 0, keyEnd: 3, valueStart: 3 };
  expect(bytesHash(one)).toEqual(bytesHash({ ...alone, valueEnd: 8 }));
  // A key of no bytes at the beginning of all is there, and so is such a value.
  const none = { bytes: bytes(""), offset: 0, keyStart: 0, keyEnd: 0, valueStart: 0, valueEnd: 0 };
  expect(bytesHash(none)).toEqual(bytesHash(record("", "")));
  expect(bytesHash({ ...none, valueEnd: -1 })).toEqual(bytesHash(record("", null)));
});

test("the key's hash is the seed of the value's, and what is not there turns the seed about", () => {
  const [key, value, none] = [bytes("key"), bytes("value"), bytes("")];
  const seeds = { hi: 0x5bd1e995, lo: 0 };
  for (const word of ["hi", "lo"] as const) {
    const both = murmur3(value, murmur3(key, seeds[word]));
    expect(bytesHash(record("key", "value"))[word]).toBe(both);
    const noKey = murmur3(value, murmur3(none, ~seeds[word]));
    expect(bytesHash(record(null, "value"))[word]).toBe(noKey);
    const noValue = murmur3(none, ~murmur3(key, seeds[word]));
    expect(bytesHash(record("key", null))[word]).toBe(noValue);
  }
});
