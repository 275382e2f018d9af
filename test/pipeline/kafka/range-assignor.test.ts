import fc from "fast-check";
import { expect, test } from "vitest";
import { assignRanges } from "../../../pipeline/kafka/range-assignor.ts";

const member = (memberId: string, topics: readonly string[], groupInstanceId?: string) => ({
  memberId,
  topics,
  groupInstanceId,
});

// Source: Kafka, RangeAssignorTest.
test("three partitions for two members: the first has one more", () => {
  const members = [member("b", ["t"]), member("a", ["t"])];
  const assigned = assignRanges(members, new Map([["t", 3]]));
  expect(assigned.get("a")?.get("t")).toEqual([0, 1]);
  expect(assigned.get("b")?.get("t")).toEqual([2]);
});

test("more members than partitions: the last have none, but are told so", () => {
  const members = ["c", "a", "b"].map((id) => member(id, ["t"]));
  const assigned = assignRanges(members, new Map([["t", 2]]));
  expect(assigned.get("c")).toEqual(new Map());
});

test("static members come first, by instance id, and keep their ranges over new member ids", () => {
  const topics = ["t"];
  const before = [
    member("z", topics, "slot-1"),
    member("y", topics, "slot-0"),
    member("a", topics),
  ];
  const after = [member("1", topics, "slot-1"), member("2", topics, "slot-0"), member("a", topics)];
  const counts = new Map([["t", 6]]);
  expect(assignRanges(before, counts).get("y")?.get("t")).toEqual([0, 1]);
  expect(assignRanges(after, counts).get("2")?.get("t")).toEqual([0, 1]);
  expect(assignRanges(after, counts).get("a")?.get("t")).toEqual([4, 5]);
});

test("every partition has exactly one owner, shares differ by at most one, topics are co-partitioned", () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(ids, fc.integer({ min: 1, max: 32 }), (memberIds, count) => {
      const members = memberIds.map((id) => member(id, ["a", "b"]));
      const assigned = assignRanges(members, new Map([["a", count], ["b", count]])); // biome-ignore format: pairs
      const shares = [...assigned.values()].map((each) => each.get("a") ?? []);
      expect(shares.flat().toSorted((x, y) => x - y)).toEqual([...Array(count).keys()]);
      const sizes = shares.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      for (const each of assigned.values()) expect(each.get("b")).toEqual(each.get("a"));
    }),
  );
});

test("a topic goes to those alone who want it", () => {
  const members = [member("a", ["x"]), member("b", ["x", "y"])];
  const assigned = assignRanges(members, new Map([["x", 2], ["y", 2]])); // biome-ignore format: pairs
  expect(assigned.get("a")).toEqual(new Map([["x", [0]]]));
  expect(assigned.get("b")).toEqual(new Map([["x", [1]], ["y", [0, 1]]])); // biome-ignore format: pairs
});
