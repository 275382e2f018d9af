/**
 * A digest of everything that is visible in a store, whatever the order of reading: the sum, word by word, of a
 * fingerprint of each row's key and fields. Two scans with equal digests saw the same state. Where the fingerprints are
 * kept, a part of the rows can be digested afterwards: what a replay under load must not have changed.
 */
import { hash } from "node:crypto";

/** 128 bits of a SHA-256: rows that differ never share it, and 16 bytes a row can be kept for millions of them. */
const words = 4;

/** `words` of 32 bits a row, in the order in which the rows were added. */
export type Fingerprints = Uint32Array;

export type StoreDigest = {
  /** `value`: all fields of the row, plain data; the order of an object's keys does not count. */
  readonly add: (key: string, value: unknown) => void;
  readonly text: () => string;
  readonly fingerprints: () => Fingerprints;
};

/** `words` of 32 bits; `value` as in `StoreDigest.add`. */
export function fingerprintOf(key: string, value: unknown): Fingerprints {
  const bytes = hash("sha256", `${JSON.stringify(key)}${canonicalText(value)}`, "buffer");
  const print = new Uint32Array(words);
  for (let word = 0; word < words; word++) print[word] = bytes.readUInt32BE(word * 4);
  return print;
}

export type DigestSum = {
  /** Takes in row `row` of these. */
  readonly add: (fingerprints: Fingerprints, row: number) => void;
  /** Rows and 32 hex digits: a sum alone would not see that nothing was added. */
  readonly text: () => string;
};

export function createDigestSum(): DigestSum {
  const sums = new Uint32Array(words);
  let rows = 0;
  return {
    add: (fingerprints, row) => {
      // Addition, not XOR: a row that is there twice must not cancel itself out.
      for (let word = 0; word < words; word++) sums[word]! += fingerprints[row * words + word]!;
      rows++;
    },
    text: () => `${rows}-${[...sums].map((sum) => sum.toString(16).padStart(8, "0")).join("")}`,
  };
}

export function createStoreDigest(): StoreDigest {
  let kept = new Uint32Array(4096 * words);
  let rows = 0;
  const fingerprints = (): Fingerprints => kept.subarray(0, rows * words);
  return {
    add(key, value) {
      if (rows * words === kept.length) {
        const grown = new Uint32Array(kept.length * 2);
        grown.set(kept);
        kept = grown;
      }
      kept.set(fingerprintOf(key, value), rows * words);
      rows++;
    },
    text: () => digestOfRows(fingerprints(), () => true),
    fingerprints,
  };
}

export function digestOfRows(fingerprints: Fingerprints, counts: (row: number) => boolean): string {
  const sum = createDigestSum();
  for (let row = 0; row * words < fingerprints.length; row++) {
    if (counts(row)) sum.add(fingerprints, row);
  }
  return sum.text();
}

/** Whether two rows have the same key and fields. */
export function sameFingerprint(
  a: Fingerprints,
  rowOfA: number,
  b: Fingerprints,
  rowOfB: number,
): boolean {
  for (let word = 0; word < words; word++) {
    if (a[rowOfA * words + word] !== b[rowOfB * words + word]) return false;
  }
  return true;
}

/**
 * JSON with every object's keys in order. Hot path of a scan: rows of a store have one shape, so the order of its keys and
 * their text are made once.
 */
export function canonicalText(value: unknown): string {
  if (typeof value === "number") return Number.isFinite(value) ? `${value}` : "null";
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  const { names, heads } = shapeOf(Object.keys(value));
  let text = "";
  for (let at = 0; at < names.length; at++) {
    text += heads[at]! + canonicalText((value as Record<string, unknown>)[names[at]!]);
  }
  return text === "" ? "{}" : `${text}}`;
}

type Shape = {
  /** The names as they came. */
  readonly came: readonly string[];
  /** The names in order, and what stands before the value of each. */
  readonly names: readonly string[];
  readonly heads: readonly string[];
};

/** By names as they come; a store whose rows differ more than this is not helped by it. */
const shapes = new Map<string, Shape>();
const shapesMost = 1_000;

function shapeOf(names: readonly string[]): Shape {
  const key = names.join("\n");
  const known = shapes.get(key);
  // A name may hold the separator: the same key is not yet the same names.
  if (known?.came.length === names.length && known.came.every((name, at) => name === names[at])) {
    return known;
  }
  const sorted = names.toSorted();
  const heads = sorted.map((name, at) => `${at === 0 ? "{" : ","}${JSON.stringify(name)}:`);
  if (shapes.size === shapesMost) shapes.clear();
  const shape = { came: names, names: sorted, heads };
  shapes.set(key, shape);
  return shape;
}
