/** Offsets over REST: a replay, a jump, and everything that is refused before it does harm. */
import { expect, test } from "vitest";
import type { BenchWorker, WorkerBench } from "./worker-bench.ts";
import { config, createWorkerBench, refusal, seed, topic } from "./worker-bench.ts";

async function stoppedJob(): Promise<WorkerBench & BenchWorker> {
  const bench = createWorkerBench();
  const one = bench.open({ seeds: [seed("job", config("temps"))] });
  await bench.run(one.started);
  await bench.publish(["a", "b", "c"]);
  await bench.until("all is stored", () => bench.stored().length === 3);
  await bench.run(one.herder.setTarget("job", "STOPPED"));
  await bench.until("it stands", () => one.herder.localTasks().length === 0);
  return { ...bench, ...one };
}

test("stop, forget the offsets, resume: everything is written again, and nothing twice", async () => {
  const bench = await stoppedJob();
  const { herder } = bench;
  expect(await bench.run(herder.offsets("job"))).toEqual([{ topic, partition: 0, offset: 3 }]);
  await bench.run(herder.resetOffsets("job"));
  expect(await bench.run(herder.offsets("job"))).toEqual([]);
  await bench.run(herder.setTarget("job", "RUNNING"));
  await bench.until("all came again", () => bench.store.statistics().conflicts === 3);
  expect(bench.stored()).toEqual(["a", "b", "c"]);
});

test("a job goes on from the offset that it was given; null takes one away", async () => {
  const bench = await stoppedJob();
  const { herder } = bench;
  await bench.run(herder.alterOffsets("job", [{ topic, partition: 0, offset: 2 }]));
  await bench.run(herder.setTarget("job", "RUNNING"));
  await bench.until("one came again", () => bench.store.statistics().conflicts === 1);
  await bench.run(herder.setTarget("job", "STOPPED"));
  await bench.until("it stands", () => herder.localTasks().length === 0);
  await bench.run(herder.alterOffsets("job", [{ topic, partition: 0, offset: null }]));
  expect(await bench.run(herder.offsets("job"))).toEqual([]);
});

test("offsets of a job that runs are not touched", async () => {
  const bench = createWorkerBench();
  const { herder, started } = bench.open({ seeds: [seed("job", config("temps"))] });
  await bench.run(started);
  const [code, message] = await refusal(bench.run(herder.resetOffsets("job")));
  expect(code).toBe("wrong-state");
  expect(message).toContain("must be in the STOPPED state");
});

test("while something else reads under the job's name, its offsets are not changed", async () => {
  const bench = await stoppedJob();
  const stranger = bench.kafka.connect("stranger").groups.member({
    group: "connect-job",
    topics: [topic],
    sessionTimeoutMs: 60_000,
    rebalanceTimeoutMs: 60_000,
  });
  await bench.run(stranger.next(new AbortController().signal));
  const [code, message] = await refusal(bench.run(bench.herder.resetOffsets("job")));
  expect(code).toBe("wrong-state");
  expect(message).toContain("still has members (1)");
});

test("topics, partitions and offsets that there are not are refused, all in one answer", async () => {
  const bench = await stoppedJob();
  const wanted = [
    { topic: "other", partition: 0, offset: 0 },
    { topic, partition: 9, offset: 0 },
    { topic, partition: 0, offset: 4 },
    { topic, partition: 1, offset: -1 },
    { topic, partition: 2, offset: 0 },
    { topic, partition: 2, offset: 0 },
  ];
  const [code, message] = await refusal(bench.run(bench.herder.alterOffsets("job", wanted)));
  expect(code).toBe("invalid");
  expect(message.split("\n")).toEqual([
    "'other' is no topic of this job: temps.",
    "temps has no partition 9.",
    "temps-0 holds offsets 0 to 3; 4 is not among them.",
    "temps-1 holds offsets 0 to 0; -1 is not among them.",
    "temps-2 is named twice.",
  ]);
  expect(await bench.run(bench.herder.offsets("job"))).toEqual([
    { topic, partition: 0, offset: 3 },
  ]);
});
