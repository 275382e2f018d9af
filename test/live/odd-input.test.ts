/** Input that a pipeline takes for something else: all of it in one run. */
import { expect, test } from "vitest";
import { liveStack } from "./live-stack.ts";
import { run, smallLoad, summaryOf } from "./run-command.ts";

const steps: readonly (readonly [step: string, effect: RegExp])[] = [
  ["{ at: 4s, poison: raw, as: huge }", /^a record of 900000 bytes .* aggregator went past it$/],
  ["{ at: 4s, poison: raw, as: null-key }", /^a record without a key .* went past it$/],
  ["{ at: 5s, poison: raw, as: tombstone }", /^a record without a value .* went past it$/],
  ["{ at: 6s, poison: aggregated, as: huge }", /job-cassandra went past it$/],
  ["{ at: 6s, poison: aggregated, as: null-key }", /job-cassandra went past it$/],
  ["{ at: 7s, poison: aggregated, as: tombstone }", /job-elasticsearch went past it; .* past it$/],
  ["{ at: 7s, poison: aggregated, as: wrong-schema }", /job-cassandra went past it$/],
  ["{ at: 8s, phantom: aggregated, as: hang }", /^8 aggregates were written and left open/],
  ["{ at: 9s, herd: simulator, for: 2s }", /held back for .* times as fast as planned$/],
];

test("restarts, wrong clocks, hot devices, poisons, phantoms and a herd in one run: each is seen, and nothing is lost or doubled", async () => {
  const onStack = ["run", "poison-forms", "--stack", liveStack().name, ...smallLoad];
  const load = ["--rate", "10k/s", "--for", "14s", "--set", "fleet.devices=2000"];
  const odd = [
    ...["--set", "fleet.hot={ share: 0.2%, every: 500ms }"],
    ...["--set", "readings.rebooted=1%", "--set", "readings.wrongClock=0.2%"],
  ];
  const faults = ["--set", `faults=[${steps.map(([step]) => step).join(",")}]`];
  const { code, output, out } = await run([...onStack, ...load, ...odd, ...faults]);
  expect(output).toContain("PASS");
  expect(code).toBe(0);
  const summary = summaryOf(out);
  // In the order of the file where the times are equal.
  expect(summary.faults.map(({ effect }) => effect ?? "none")).toEqual(
    steps.map(([, effect]) => expect.stringMatching(effect)),
  );
  expect(summary.readings.rejectedPlanned).toBeGreaterThan(200);
  expect(summary.readings.rejectedUnplanned).toBe(0);
});
