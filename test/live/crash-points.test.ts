/** Processes that kill themselves where it hurts: around the boundaries of a commit. */
import { expect, test } from "vitest";
import { liveStack } from "./live-stack.ts";
import { run, smallLoad, summaryOf } from "./run-command.ts";

const points: readonly (readonly [at: string, target: string, point: string])[] = [
  ["3s", "job-elasticsearch", "after-write"],
  ["3s", "job-cassandra", "before-commit"],
  ["12s", "job-elasticsearch", "after-dead-letters"],
  ["12s", "job-cassandra", "after-commit"],
  ["4s", "aggregator", "after-recover"],
  ["20s", "aggregator", "before-checkpoint"],
  ["24s", "aggregator", "after-offsets"],
];

test("a crash around every kind of boundary of a commit, of every job: each is seen there, and nothing is lost or doubled", async () => {
  const steps = points.map(([at, job, point]) => `{ at: ${at}, kill: ${job}, point: ${point} }`);
  steps.push("{ at: 14s, poison: aggregated }");
  const onStack = ["run", "crash-points", "--stack", liveStack().name, ...smallLoad];
  const load = ["--rate", "8k/s", "--for", "30s", "--set", "fleet.devices=1500"];
  const { code, output, out } = await run([
    ...onStack,
    ...load,
    "--set",
    `faults=[${steps.join(",")}]`,
  ]);
  expect(output).toContain("PASS");
  expect(code).toBe(0);
  const kills = summaryOf(out).faults.filter(({ kind }) => kind === "kill");
  const seen = kills.map(
    ({ target, effect }) => `${target} ${/ at (\S+),/.exec(effect ?? "")?.[1]}`,
  );
  expect(seen.toSorted()).toEqual(points.map(([, job, at]) => `${job}-0 ${at}`).toSorted());
  for (const { recoveredMs } of kills) expect(recoveredMs).toBeGreaterThan(0);
});
