/** Everything read again, while the load goes on and at rest, into the same stores and into new ones. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { liveStack } from "./live-stack.ts";
import { run, smallLoad, summaryOf } from "./run-command.ts";

/** The small load's first windows close 6.6 s after it began. */
const steps = "[{rewind: 7500ms},{new-store: 8s},{rewind: at-rest},{new-store: at-rest}]";

test("all four replays leave the stores, and make new ones, identical, with the stores' own evidence", async () => {
  const args = ["run", "replays", "--stack", liveStack().name, ...smallLoad];
  const { code, output, out } = await run([...args, "--set", `replay=${steps}`]);
  expect(output).toContain("PASS");
  expect(code).toBe(0);
  const { replay, stores, processes, clauses } = summaryOf(out);
  expect(clauses).toContainEqual(expect.objectContaining({ clause: "C9", evaluated: 8 }));
  expect(replay.map(({ mode, identical }) => [mode, identical])).toEqual([
    ["rewind 7500ms", true],
    ["new-store 8s", true],
    ["rewind at-rest", true],
    ["new-store at-rest", true],
  ]);
  for (const { records, storeEvidence } of replay) {
    expect(records).toBeGreaterThan(0);
    expect(storeEvidence["elasticsearch"]).toBeGreaterThanOrEqual(stores["elasticsearch"]!.found);
    expect(storeEvidence["cassandra"]).toBeGreaterThan(0);
  }
  // The whole state, whichever way it was made.
  const [, ...whole] = replay.map(({ digestAfter }) => digestAfter);
  expect(new Set(whole.map(({ elasticsearch }) => elasticsearch)).size).toBe(1);
  expect(new Set(whole.map(({ cassandra }) => cassandra)).size).toBe(1);
  for (const job of ["job-elasticsearch-new1", "job-cassandra-new1", "job-cassandra-new2"]) {
    expect(processes[`${job}-0`]?.exits).toEqual(["exit code 0"]);
    const [folder] = readdirSync(out);
    expect(existsSync(join(out, folder!, "config", `${job}.json`))).toBe(true);
  }
});
