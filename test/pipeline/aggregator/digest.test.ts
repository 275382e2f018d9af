import fc from "fast-check";
import { expect, test } from "vitest";
import {
  deviceHi,
  deviceLo,
  murmur3,
  readingHi,
  readingLo,
  writeDigest,
} from "../../../pipeline/aggregator/digest.ts";

type Id = { readonly boot: number; readonly seq: number };

function digestOf(device: string, ids: readonly Id[]): string {
  const bytes = Buffer.from(device);
  const hiPart = deviceHi(bytes, 0, bytes.length, 0);
  const loPart = deviceLo(bytes, 0, bytes.length, 0);
  let hi = 0;
  let lo = 0;
  for (const { boot, seq } of ids) {
    hi = (hi + readingHi(hiPart, boot, seq)) | 0;
    lo = (lo + readingLo(loPart, boot, seq)) | 0;
  }
  return digestText(hi, lo);
}

function digestText(hi: number, lo: number): string {
  const bytes = Buffer.alloc(20);
  expect(writeDigest(bytes, 3, hi, lo)).toBe(19);
  return bytes.toString("latin1", 3, 19);
}

test("the contract's vectors", () => {
  expect(digestOf("t-0000042", [{ boot: 0, seq: 0 }])).toBe("2e2e11e14cd028d0");
  const thirty = Array.from({ length: 30 }, (_, seq) => ({ boot: 0, seq }));
  expect(digestOf("t-0000042", thirty)).toBe("4048969ebe7149d4");
});

test("murmur3 is SMHasher's x86_32, whatever the length of the tail", () => {
  const hash = (text: string, seed: number): number => {
    const bytes = Buffer.from(`--${text}`);
    return murmur3(bytes, 2, bytes.length, seed) >>> 0;
  };
  expect(hash("", 0)).toBe(0);
  expect(hash("", 1)).toBe(0x514e28b7);
  expect(hash("a", 0x9747b28c)).toBe(0x7fa09ea6);
  expect(hash("aa", 0x9747b28c)).toBe(0x5d211726);
  expect(hash("aaa", 0x9747b28c)).toBe(0x283e0130);
  expect(hash("aaaa", 0x9747b28c)).toBe(0x5a97808a);
  expect(hash("Hello, world!", 0x9747b28c)).toBe(0x24884cba);
});

const ids = fc.array(fc.record({ boot: fc.nat(0x7fffffff), seq: fc.nat(0x7fffffff) }), {
  minLength: 2,
});

test("the digest does not depend on the order of readings", () => {
  fc.assert(
    fc.property(ids, fc.nat(), (all, by) => {
      const at = by % all.length;
      const turned = [...all.slice(at), ...all.slice(0, at)];
      expect(digestOf("d", turned)).toBe(digestOf("d", all));
    }),
  );
});

test("a missing, a doubled and an exchanged member each change it", () => {
  fc.assert(
    fc.property(ids, (all) => {
      const [first, ...rest] = all;
      const whole = digestOf("d", all);
      expect(digestOf("d", rest)).not.toBe(whole);
      expect(digestOf("d", [...all, first!])).not.toBe(whole);
      const other = { boot: first!.boot, seq: first!.seq ^ 1 };
      expect(digestOf("d", [other, ...rest])).not.toBe(whole);
      expect(digestOf("e", all)).not.toBe(whole);
    }),
  );
});

test("its text is both words in hexadecimal, with all their digits", () => {
  const word = fc.oneof(fc.integer(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(word, word, (hi, lo) => {
      const digits = [hi, lo].map((each) => (each >>> 0).toString(16).padStart(8, "0"));
      expect(digestText(hi, lo)).toBe(digits.join(""));
    }),
  );
});
