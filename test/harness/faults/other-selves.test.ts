/** Steps that give a process another self: a second producer with its id, a machine with another time. */
import { expect, test } from "vitest";
import { playFault } from "../../../harness/faults/play-fault.ts";
import type { FaultStep } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { memoryStage, type StageOptions } from "./memory-stage.ts";

const zombie: FaultStep = { kind: "zombie", target: "aggregator-0", atMs: 0 };
const skew: FaultStep = { kind: "skew", target: "aggregator-0", atMs: 0, byMs: 93_600_000 };

async function play(step: FaultStep, options: StageOptions = {}) {
  const stage = memoryStage(options);
  const report = await stage.play(playFault(step, stage.ports));
  return { report, did: stage.did };
}

test("a second producer writes when the first has taken its id back, and is refused", async () => {
  const { report, did } = await play(zombie);
  expect(did).toEqual(["second aggregator-0 writes", "second producer is gone"]);
  expect(report.effect).toMatch(
    /aggregator-0 took it back and went on .*; the second one was fenced: The producer epoch is fenced$/,
  );
});

test("planted: a second producer that is not fenced left no trace of a fence", async () => {
  expect((await play(zombie, { zombieWrites: true })).report.effect).toBeNull();
});

test("a clock that is ahead comes with a start, and the work goes on under it", async () => {
  const { report, did } = await play(skew);
  expect(did).toEqual(["start aggregator-0 93600000 ms ahead"]);
  expect(report.effect).toBe(
    "aggregator-0 was started again with its clock 26h ahead, and went on",
  );
  expect(report.recoveredMs).toBeGreaterThanOrEqual(1_000);
});

test("planted: an instance that does not come up again has no clock", async () => {
  const plant = { startAhead: async () => false };
  expect((await play(skew, { plant })).report).toMatchObject({ effect: null, recoveredMs: null });
});
