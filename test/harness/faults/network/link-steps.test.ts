import { expect, test } from "vitest";
import { explainsTheGenerator } from "../../../../harness/faults/fault-report.ts";
import { playFault } from "../../../../harness/faults/play-fault.ts";
import type { FaultStep } from "../../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { memoryStage } from "../memory-stage.ts";

const at = { atMs: 0, forMs: 2_000 } as const;
const onKafka = { ...at, target: "aggregator/kafka" } as const;

const steps: readonly (readonly [FaultStep, RegExp])[] = [
  [
    { kind: "latency", byMs: 200, jitterMs: 50, ...onKafka },
    /^for 2\.0 s, 4096 bytes on 2 connections came 200 ms ± 50 ms late; aggregator went on/,
  ],
  [{ kind: "bandwidth", bytesPerSecond: 9_000, ...onKafka }, /passed at 9000 bytes a second;/],
  [{ kind: "slice", bytes: 10, ...onKafka }, /came in 3 pieces;/],
  [{ kind: "cut", way: "requests", ...onKafka }, /of requests were swallowed;/],
  [{ kind: "refuse", ...onKafka }, /^3 connections broken, and new ones refused for 2\.0 s;/],
  [{ kind: "reset", everyMs: 500, ...onKafka }, /3 requests broken off by RST;/],
  [{ kind: "lose-response", everyMs: 500, ...onKafka }, /3 responses lost;/],
  [{ kind: "hold-response", byMs: 900, ...onKafka }, /of responses came 900 ms late;/],
  [
    { kind: "overload", ...at, target: "job-elasticsearch/elasticsearch" },
    /3 items of bulk requests answered 429; job-elasticsearch went on/,
  ],
];

test.each(steps)("%j lasts its time, heals, and tells what it has seen", async (step, effect) => {
  const stage = memoryStage();
  const report = await stage.play(playFault(step, stage.ports));
  expect(report).toMatchObject({ kind: step.kind, target: step.target, untilMs: 2_000 });
  expect(report.effect).toMatch(effect);
  expect(report.recoveredMs).toBeGreaterThanOrEqual(2_000);
  expect(stage.did.at(-1)).toBe(`heal ${step.target}`);
});

test.each(steps)("%j that nothing came by has left no trace", async (step) => {
  const stage = memoryStage({ trace: { bytes: 0, connections: 0, hits: 0 } });
  expect((await stage.play(playFault(step, stage.ports))).effect).toBeNull();
});

test("a stage that never goes on after its link is healed has not recovered", async () => {
  const stage = memoryStage({ neverGoesOn: true });
  const report = await stage.play(playFault({ kind: "cut", ...onKafka }, stage.ports));
  expect(report.recoveredMs).toBeNull();
  expect(report.effect).toMatch(/aggregator did not go on after it$/);
});

test("a link is healed also when the run is broken off", async () => {
  const stage = memoryStage();
  const ends = AbortSignal.abort(new Error("broken off"));
  const playing = playFault({ kind: "cut", ...onKafka }, { ...stage.ports, signal: ends });
  await expect(stage.play(playing)).rejects.toThrow("broken off");
  expect(stage.did.at(-1)).toBe("heal aggregator/kafka");
});

test.each([
  ["simulator/kafka", "seen", true],
  ["simulator/kafka", null, false],
  ["aggregator/kafka", "seen", false],
])("a fault on %s with the effect %s explains what the generator did: %s", (target, effect, is) => {
  const report = { kind: "cut", target, effect, atMs: 0, untilMs: 0, recoveredMs: 0 } as const;
  expect(explainsTheGenerator(report)).toBe(is);
});
