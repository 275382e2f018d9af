/** A run's id: `r` and 8 of [a-z0-9]. It is in the name of every topic, index, keyspace and group of the run. */
import { randomBytes } from "node:crypto";

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

export function newRunId(): string {
  // 256 is no multiple of 36: the first four letters come a little more often. Uniqueness does not mind.
  return `r${[...randomBytes(8)].map((byte) => alphabet[byte % alphabet.length]).join("")}`;
}
