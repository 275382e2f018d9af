import { expect, test } from "vitest";
import { replaySchema } from "../../../harness/scenario/replay-schema.ts";
import { modeOf, printReplay, replayStep } from "../../../harness/scenario/replay-steps.ts";

function stepOf(entry: Readonly<Record<string, unknown>>) {
  return replayStep(replaySchema.parse(entry));
}

function faultsOf(entry: Readonly<Record<string, unknown>>): readonly string[] {
  const parsed = replaySchema.safeParse(entry);
  const issues = parsed.success ? [] : parsed.error.issues;
  return issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test.each([
  [{ rewind: "at-rest" }, "rewind at-rest"],
  [{ rewind: "15s", partition: 3, last: "20s" }, "rewind 15s, partition 3, last 20s"],
  [
    { rewind: "at-rest", from: "12s", store: "cassandra" },
    "rewind at-rest, from 12s, store cassandra",
  ],
  [{ rewind: "at-rest", from: 500, restart: true }, "rewind at-rest, from 500, restart"],
  [{ rewind: "at-rest", clock: "+1d", times: 2 }, "rewind at-rest +1d"],
  [{ rebuild: "at-rest", store: "elasticsearch" }, "rebuild at-rest, store elasticsearch"],
  [{ "re-aggregate": "20s", into: "aggregated" }, "re-aggregate 20s, into aggregated"],
  [
    { "re-produce": "at-rest", order: "other", speed: "10x" },
    "re-produce at-rest, order other, speed 10x",
  ],
])("%j is named '%s', and prints as what it was", (entry, mode) => {
  const step = stepOf(entry);
  expect(modeOf(step)).toBe(mode);
  expect(printReplay(step)).toEqual(entry);
});

test("what is left out has a default that is printed", () => {
  expect(printReplay(stepOf({ "re-aggregate": "at-rest" }))).toHaveProperty("into", "fresh");
  expect(printReplay(stepOf({ "re-produce": "at-rest" }))).toHaveProperty("order", "same");
});

test.each([
  [{ "new-store": "at-rest", partition: 1 }, "partition: belongs to rewind; new-store has none"],
  [{ rewind: "at-rest", into: "fresh" }, "into: belongs to re-aggregate; rewind has none"],
  [{ rebuild: "at-rest" }, "rebuild: needs store: which one is wiped (elasticsearch, cassandra)"],
  [
    { rewind: "at-rest", from: 3, last: "2s" },
    "last: stands beside from: a range begins at one of them",
  ],
  [
    { rewind: "at-rest", from: "soon" },
    "from: is neither a time after the load began (12s) nor an offset (500)",
  ],
  [
    { "re-produce": "at-rest", speed: "fast" },
    "speed: is no multiple of the load's rate: write 10x",
  ],
])("%j is refused", (entry, fault) => {
  expect(faultsOf(entry)).toEqual([fault]);
});
