import { expect, test } from "vitest";
import type { JobStatus } from "../../../harness/run/job-rest.ts";
import { watchTasks } from "../../../harness/run/task-watch.ts";
import { JobRestError } from "../../../harness/run/worker-requests.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

const trace = "the record at offset 7 is no JSON\n  caused by: Unexpected end";
const job = (...states: readonly string[]): JobStatus => ({
  name: "r-cassandra",
  state: "RUNNING",
  tasks: states.map((state, id) => ({ id, state, trace: state === "FAILED" ? trace : "" })),
});
const sentence = "task 1 of r-cassandra failed: the record at offset 7 is no JSON";

function open() {
  const clock = createVirtualClock(0);
  const said: string[] = [];
  const failed: string[] = [];
  let now: () => readonly JobStatus[] = () => [job("RUNNING", "RUNNING")];
  const watch = watchTasks({
    rest: { all: async () => now() },
    clock,
    say: (line) => said.push(line),
  });
  watch.onFailure((line) => void failed.push(line));
  const becomes = async (next: () => readonly JobStatus[]): Promise<void> => {
    now = next;
    await clock.advance(3_000);
  };
  return { clock, watch, becomes, said, failed };
}

test("a failed task is told once, by the first line of its trace", async () => {
  const { watch, becomes, failed, said } = open();
  await becomes(() => [job("RUNNING", "FAILED")]);
  await becomes(() => [job("RUNNING", "FAILED")]);
  expect(failed).toEqual([sentence]);
  expect(said).toEqual([]);
  await watch[Symbol.asyncDispose]();
});

test("what failed, was mended, and fails again is another failure", async () => {
  const { watch, becomes, failed } = open();
  await becomes(() => [job("RUNNING", "FAILED")]);
  await becomes(() => [job("RUNNING", "RUNNING")]);
  await becomes(() => [job("RUNNING", "FAILED")]);
  expect(failed).toEqual([sentence, sentence]);
  await watch[Symbol.asyncDispose]();
});

test("a failure that a step wants is said, and is no trouble; after the step it is one", async () => {
  const { watch, becomes, failed, said } = open();
  const end = watch.expectFailures();
  await becomes(() => [job("RUNNING", "FAILED")]);
  expect([said, failed]).toEqual([[`${sentence} (as the scenario wants it)`], []]);
  await becomes(() => [job("RUNNING", "RUNNING")]);
  end();
  end();
  await becomes(() => [job("RUNNING", "FAILED")]);
  expect(failed).toEqual([sentence]);
  await watch[Symbol.asyncDispose]();
});

test("workers that do not answer are said once, and no trouble by themselves", async () => {
  const { watch, becomes, failed, said } = open();
  await becomes(() => {
    throw new JobRestError("unreachable", "No worker answered");
  });
  expect([said, failed]).toEqual([["the jobs do not tell how they are: No worker answered"], []]);
  await watch[Symbol.asyncDispose]();
});

test("an error of our own ends the watch, and is not swallowed", async () => {
  const { watch, becomes } = open();
  await becomes(() => {
    throw new TypeError("ours");
  });
  await expect(watch[Symbol.asyncDispose]()).rejects.toThrow("ours");
});
