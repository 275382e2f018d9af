import { expect, test } from "vitest";
import type { AckRange } from "../../../harness/facts/ack-ranges.ts";
import type { TopicReader } from "../../../harness/observe/topic-reader.ts";
import { emptyTopicName } from "../../planted/harness-bugs/empty-topic-name.ts";
import { harnessBugs } from "../../planted/harness-bugs/harness-bugs.ts";
import { staleEndOffset } from "../../planted/harness-bugs/stale-end-offset.ts";

/** A reader whose topic grows by what `grow` says; it ends where the topic did at `finish`. */
function growingReader() {
  let [next, end] = [0, 0];
  let stopAt: number | undefined;
  let wake = (): void => {};
  const reader: TopicReader = {
    async run() {
      while (stopAt === undefined || next < stopAt) {
        next = Math.min(end, stopAt ?? end);
        if (stopAt !== undefined && next >= stopAt) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async step() {},
    async finish() {
      stopAt = end;
      wake();
    },
    nextOffsets: () => [next],
    reachedEnd: () => stopAt !== undefined && next >= stopAt,
  };
  const grow = async (to: number): Promise<void> => {
    end = to;
    wake();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { reader, grow };
}

const { signal } = new AbortController();

test("a reader with a stale end stops there, and says that it reached the end", async () => {
  const { reader, grow } = growingReader();
  const bug = staleEndOffset(reader);
  const running = bug.run(signal);
  await grow(30_000);
  bug.nextOffsets();
  await grow(90_000);
  await bug.finish();
  await running;
  expect(bug.nextOffsets()).toEqual([30_000]);
  expect(bug.reachedEnd()).toBe(true);
});

test("a reader without a topic has read nothing, and says that it reached the end", async () => {
  const { reader, grow } = growingReader();
  const bug = emptyTopicName(reader);
  const running = bug.run(signal);
  await grow(10);
  await bug.finish();
  await running;
  expect(bug.nextOffsets()).toEqual([0]);
  expect(bug.reachedEnd()).toBe(true);
});

test("a bug of the harness stands at its own place alone", () => {
  const acks: readonly AckRange[] = [{ partition: 0, from: 0, to: 9, outcome: "unknown" }];
  const { harness } = harnessBugs["time-out-as-failure"];
  expect(harness?.("acks", acks)).toEqual([{ ...acks[0], outcome: "failed" }]);
  expect(harness?.("raw-reader", acks)).toBe(acks);
});
