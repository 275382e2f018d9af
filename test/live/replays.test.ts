/** Everything read again, while the load goes on and at rest, into the same stores and into new ones. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { liveStack } from "./live-stack.ts";
import { run, smallLoad, summaryOf } from "./run-command.ts";

/** The small load's first windows close 6.6 s after it began. The others are in `npm run prove:replays`. */
const steps =
  "[{rewind: 7500ms},{new-store: 8s},{rewind: at-rest, partition: 3},{rebuild: at-rest, store: cassandra}," +
  "{re-aggregate: at-rest, into: aggregated}]";

test("replays leave the stores, and make new ones, identical, with the stores' own evidence", async () => {
  const args = ["run", "replays", "--stack", liveStack().name, ...smallLoad];
  const { code, output, out } = await run([...args, "--set", `replay=${steps}`]);
  expect(output).toContain("PASS");
  expect(code).toBe(0);
  const { replay, stores, processes, clauses } = summaryOf(out);
  expect(clauses).toContainEqual(expect.objectContaining({ clause: "C9", evaluated: 10 }));
  expect(clauses).toContainEqual(expect.objectContaining({ clause: "C10", verdict: "PASS" }));
  expect(replay.map(({ mode, identical }) => [mode, identical])).toEqual([
    ["rewind 7500ms", true],
    ["new-store 8s", true],
    ["rewind at-rest, partition 3", true],
    ["rebuild at-rest, store cassandra", true],
    ["re-aggregate at-rest, into aggregated", true],
  ]);
  for (const { records, storeEvidence } of replay) {
    expect(records).toBeGreaterThan(0);
    expect(storeEvidence["cassandra"]).toBeGreaterThan(0);
  }
  const [underLoad, filled, part, rebuilt, again] = replay;
  const all = stores["elasticsearch"]!.found;
  for (const { storeEvidence } of [underLoad!, filled!, again!]) {
    expect(storeEvidence["elasticsearch"]).toBeGreaterThanOrEqual(all);
  }
  expect(part!.storeEvidence["elasticsearch"]).toBeLessThan(all);
  expect(rebuilt!.storeEvidence).not.toHaveProperty("elasticsearch");
  // The whole state, whichever way it was made.
  for (const store of ["elasticsearch", "cassandra"]) {
    const whole = [filled!, part!, rebuilt!, again!].flatMap(
      ({ digestAfter }) => digestAfter[store] ?? [],
    );
    expect(new Set(whole).size).toBe(1);
  }
  for (const name of ["job-elasticsearch-new1-0", "job-cassandra-new1-0", "aggregator-again2-0"]) {
    expect(processes[name]?.exits).toEqual(["exit code 0"]);
  }
  const [folder] = readdirSync(out);
  expect(existsSync(join(out, folder!, "config", "job-elasticsearch-new1.json"))).toBe(true);
});
