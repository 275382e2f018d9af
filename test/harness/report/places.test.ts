import { expect, test } from "vitest";
import { summaryWithoutPlaces, withoutPlaces } from "../../../harness/report/places.ts";
import { passed } from "./summary-fixture.ts";

test.each([
  ["cannot read /home/ada/fleet/runs/r1/facts/audit.json", "cannot read …/audit.json"],
  ["see ~/fleet/runs/r1.", "see …/r1."],
  ["job: ../../work/fleet/scenarios/jobs/cassandra.json", "job: …/cassandra.json"],
  ["at file:///opt/fleet/main.ts:3", "at …/main.ts:3"],
  ["ada@box-17 said: box-17 is full", "this machine said: this machine is full"],
])("%s → %s", (text, without) => {
  expect(withoutPlaces(text, "box-17")).toBe(without);
});

test.each([
  "10.00 b/day = 115,741/s",
  "at r1.thermostat.data/3@42 in elasticsearch r1-temperatures-2026.01.15/t-1",
  "connect to http://127.0.0.1:9200/_bulk refused",
  "4.1.1, linux x64, 1/2",
  "folded + duplicate/rejected",
])("what is no place stays: %s", (text) => {
  expect(withoutPlaces(text, "box-17")).toBe(text);
});

test("a summary for a report names no place in its free texts, and keeps what identifies a row", () => {
  const finding = { class: "phantom", device: "/etc/a/b", key: "/x/y/z" } as const;
  const cleaned = summaryWithoutPlaces(
    {
      ...passed,
      reasons: ["/a/b/c is full"],
      faults: [
        {
          kind: "kill",
          target: "aggregator-0",
          atMs: 1,
          untilMs: 2,
          effect: "/a/b/c",
          recoveredMs: null,
        },
      ],
      findings: [finding],
      machine: { cpu: "box-17 cpu", cores: 2 },
    },
    "box-17",
  );
  expect(cleaned.reasons).toEqual(["…/c is full"]);
  expect(cleaned.faults[0]!.effect).toBe("…/c");
  expect(cleaned.machine).toEqual({ cpu: "this machine cpu", cores: 2 });
  expect(cleaned.findings).toEqual([finding]);
});
