/**
 * A digest of everything that is visible in a store, whatever the order of reading: the sum, lane
 * by lane, of a SHA-256 of each row's key and fields. Two scans with equal digests saw the same
 * state.
 */
import { hash } from "node:crypto";

export type StoreDigest = {
  /** `value`: all fields of the row, plain data; the order of an object's keys does not count. */
  readonly add: (key: string, value: unknown) => void;
  /** Rows and 64 hex digits: a sum alone would not see that nothing was added. */
  readonly text: () => string;
};

export function createStoreDigest(): StoreDigest {
  const lanes = new Uint32Array(8);
  let rows = 0;
  return {
    add(key, value) {
      const bytes = hash("sha256", `${JSON.stringify(key)}${canonicalText(value)}`, "buffer");
      // Addition, not XOR: a row that is there twice must not cancel itself out.
      for (let lane = 0; lane < 8; lane++) lanes[lane]! += bytes.readUInt32BE(lane * 4);
      rows++;
    },
    text: () => `${rows}-${[...lanes].map((lane) => lane.toString(16).padStart(8, "0")).join("")}`,
  };
}

/** JSON with every object's keys in order. */
export function canonicalText(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  const names = Object.keys(value).sort();
  const fields = names.map(
    (name) => `${JSON.stringify(name)}:${canonicalText((value as Record<string, unknown>)[name])}`,
  );
  return `{${fields.join(",")}}`;
}
