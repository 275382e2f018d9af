import { expect, test } from "vitest";
import { instancesOf } from "../../../../harness/run/replays/replay-instances.ts";

test("instances are those that there are and those that a step may start: no job of a new store", () => {
  const names = [
    "aggregator-0",
    "job-elasticsearch-0",
    "job-elasticsearch-new1-0",
    "job-cassandra-1",
  ];
  const faults = [
    { target: "job-elasticsearch-3" },
    { target: "aggregator-0" },
    { target: "job-cassandra-1" },
  ];
  expect(instancesOf(["elasticsearch", "cassandra"], { names: () => names }, faults)).toEqual([
    "job-elasticsearch-0",
    "job-cassandra-1",
    "job-elasticsearch-3",
  ]);
});
