import { expect, test } from "vitest";
import { lagOf, readGroupLag } from "../../../harness/observe/lag.ts";

test.each([
  ["nothing committed counts from the log's start", -1n, 5n, 20n, 15],
  ["what retention has cut is behind nobody", 2n, 5n, 20n, 15],
  ["committed to the end is no lag", 20n, 0n, 20n, 0],
  ["a commit past the end seen earlier is no negative lag", 21n, 0n, 20n, 0],
])("%s", (_, committed, start, lastStable, lag) => {
  expect(lagOf({ committed, start, lastStable })).toBe(lag);
});

/** One topic of two partitions: committed, last stable and end offsets as given. */
function lagWith(committed: readonly bigint[], stable: readonly bigint[], end: readonly bigint[]) {
  const at = (offsets: readonly bigint[]) => [
    {
      name: "a",
      partitions: offsets.map((offset, partitionIndex) => ({
        partitionIndex,
        offset,
        committedOffset: offset,
        committedLeaderEpoch: 0,
        metadata: "",
        timestamp: 0n,
        leaderEpoch: 0,
      })),
    },
  ];
  const admin = {
    listConsumerGroupOffsets: async () => [{ groupId: "g", topics: at(committed) }],
    listOffsets: async (options: {
      topics: { partitions: { timestamp: bigint }[] }[];
      isolationLevel?: 0 | 1 | null;
    }) => {
      if (options.topics[0]?.partitions[0]?.timestamp === -2n) return at([0n, 0n]);
      return at(options.isolationLevel === 1 ? stable : end);
    },
  } as unknown as Parameters<typeof readGroupLag>[0];
  return readGroupLag(admin, "g", [{ name: "a", partitions: 2 }]);
}

test("a group is drained when everything readable is committed and no transaction is open", async () => {
  expect(await lagWith([7n, 9n], [7n, 9n], [7n, 9n])).toMatchObject({ lag: 0, drained: true });
  expect(await lagWith([7n, 8n], [7n, 9n], [7n, 9n])).toMatchObject({ lag: 1, drained: false });
  expect(await lagWith([7n, 9n], [7n, 9n], [7n, 12n])).toMatchObject({ lag: 0, drained: false });
  expect(await lagWith([], [7n, 9n], [7n, 9n])).toMatchObject({ lag: 16, drained: false });
});
