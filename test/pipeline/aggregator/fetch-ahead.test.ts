import { expect, test } from "vitest";
import { startFetchAhead } from "../../../pipeline/aggregator/fetch-ahead.ts";
import type { FetchedPartition, Log } from "../../../pipeline/kafka/port.ts";

/** As many awaits as a request to a broker goes through, and some, before it is written. */
const hops = 12;

/** A log that notes when a request has left, and answers at once. */
function notingLog(notes: string[]): Log {
  const nothing = new Map<number, number>();
  return {
    fetch: async () => {
      for (let hop = 0; hop < hops; hop++) await undefined;
      notes.push("left");
      return [] satisfies FetchedPartition[];
    },
    partitionCount: async () => 1,
    startOffsets: async () => nothing,
    endOffsets: async () => nothing,
    close: async () => undefined,
  };
}

test("the next fetch has left before the answer to the last one is handed over", async () => {
  const notes: string[] = [];
  const fetches = startFetchAhead({
    log: notingLog(notes),
    topic: "raw",
    positions: new Map([[0, 0]]),
    maxWaitMs: 1,
    signal: new AbortController().signal,
  });
  for (let answer = 0; answer < 3; answer++) {
    await fetches.next();
    notes.push("folding");
  }
  await fetches.stop();
  expect(notes).toEqual(["left", "left", "folding", "left", "folding", "left", "folding"]);
});
