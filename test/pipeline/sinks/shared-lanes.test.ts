/** One limit over all batches, the oldest first. */
import { expect, test } from "vitest";
import { createSharedLanes } from "../../../pipeline/sinks/shared-lanes.ts";

test("all batches together never have more under way than the limit, and all is done", async () => {
  const lanes = createSharedLanes(3);
  const done: string[] = [];
  let underWay = 0;
  let most = 0;
  const work = async (item: string): Promise<void> => {
    most = Math.max(most, ++underWay);
    for (let turn = 0; turn < item.length; turn++) await Promise.resolve();
    underWay--;
    done.push(item);
  };
  const batch = (name: string, count: number) =>
    Array.from({ length: count }, (_, at) => name.repeat((at % 4) + 1)).values();
  await Promise.all([
    lanes(batch("a", 20), work),
    lanes(batch("b", 20), work),
    lanes(batch("c", 0), work),
  ]);
  expect(most).toBe(3);
  expect(done).toHaveLength(40);
});

test("a younger batch has what the older one leaves free", async () => {
  const lanes = createSharedLanes(2);
  const { begun, work, answer } = byHand();
  const older = lanes(["a1", "a2", "a3"].values(), work);
  const younger = lanes(["b1", "b2"].values(), work);
  expect(begun).toEqual(["a1", "a2"]);
  await answer("a2");
  expect(begun).toEqual(["a1", "a2", "a3"]);
  await answer("a3");
  expect(begun).toEqual(["a1", "a2", "a3", "b1"]);
  await answer("a1");
  await older;
  await answer("b1");
  await answer("b2");
  await younger;
});

test("a batch that fails begins nothing more, and the others go on", async () => {
  const lanes = createSharedLanes(1);
  const { begun, work, answer } = byHand();
  const failing = lanes(["a1", "a2"].values(), async () => {
    throw new Error("a1 failed");
  });
  const unmakeable = lanes(failsToMake(), work);
  const other = lanes(["b1"].values(), work);
  await expect(failing).rejects.toThrow("a1 failed");
  await expect(unmakeable).rejects.toThrow("no such item");
  await answer("b1");
  await other;
  expect(begun).toEqual(["b1"]);
});

function* failsToMake(): Generator<string, undefined, undefined> {
  yield* [] as string[];
  throw new Error("no such item");
}

/** Work that is done when the test says so. */
function byHand() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    work: (item: string): Promise<void> => {
      begun.push(item);
      return new Promise((resolve) => ends.set(item, resolve));
    },
    answer: async (item: string): Promise<void> => {
      ends.get(item)!();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
