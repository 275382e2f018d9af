import { expect, test } from "vitest";
import { parseDuration } from "../../../pipeline/contract/duration.ts";
import { connectGroup, runIdPattern, runNames } from "../../../pipeline/contract/names.ts";

test("every name of a run holds its id, to the letter of the contract", () => {
  expect(runNames("rab12cd34")).toEqual({
    topics: {
      raw: "rab12cd34.thermostat.data",
      aggregated: "rab12cd34.temperatures.aggregated",
      rejected: "rab12cd34.thermostat.data.rejected",
      checkpoints: "rab12cd34-aggregator.checkpoints",
    },
    aggregatorGroup: "rab12cd34-aggregator",
    indices: "rab12cd34-temperatures-*",
    indexBase: "rab12cd34-temperatures-",
    keyspace: "rab12cd34",
    table: "temperatures",
  });
  expect(connectGroup("rab12cd34-elasticsearch")).toBe("connect-rab12cd34-elasticsearch");
});

test("a run id is r and eight of a-z0-9", () => {
  expect(runIdPattern.test("rab12cd34")).toBe(true);
  for (const other of ["rab12cd3", "rab12cd345", "xab12cd34", "rAB12CD34", "rab12cd3-"]) {
    expect(runIdPattern.test(other)).toBe(false);
  }
});

test("a duration is a number with a unit", () => {
  const durations = { "200ms": 200, "30s": 30_000, "5m": 300_000, "1h": 3_600_000, "1.5s": 1_500 };
  for (const [text, ms] of Object.entries({ ...durations, "7d": 604_800_000 })) {
    expect(parseDuration(text)).toBe(ms);
  }
  for (const text of ["", "30", "s", "-5s", "5 minutes", "1e3s"]) {
    expect(parseDuration(text)).toBeUndefined();
  }
});
