/** What is made of records that anyone may have written, and of workers that come and go. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ClusterRecord,
  keys,
  restartValue,
  type StatusRecord,
  targetValue,
} from "../../../../pipeline/connect/worker/cluster-records.ts";
import {
  applyRecord,
  type ClusterView,
  createClusterView,
} from "../../../../pipeline/connect/worker/cluster-view.ts";
import { statusOf } from "../../../../pipeline/connect/worker/job-status.ts";
import { parseRecord } from "../../../../pipeline/connect/worker/parse-record.ts";

const running: StatusRecord = { state: "RUNNING", trace: null, worker_id: "g-0", generation: 5 };
const nobody = { workerId: "elsewhere-0", nowMs: 0, own: [] } as const;

function fold(...records: readonly ClusterRecord[]): ClusterView {
  const view = createClusterView();
  for (const record of records) applyRecord(view, record, 0);
  return view;
}

const job: ClusterRecord = {
  kind: "config",
  name: "job",
  value: { properties: { "tasks.max": "2" }, group: "g", source: { kind: "rest" } },
};
const worker = (slot: number, generation = 5): ClusterRecord => ({
  kind: "worker",
  id: `g-${slot}`,
  value: { group: "g", slot, rest: null, generation },
});
const task = (id: number, value: StatusRecord | undefined): ClusterRecord => ({
  kind: "task-status",
  name: "job",
  task: id,
  value,
});

test("keys and values that workers write are read back as what they mean", () => {
  const name = "r-1.job_2-3";
  const read = (kind: "configs" | "targets" | "status", key: string, value: unknown) =>
    parseRecord(kind, key, value);
  const record = (value: object) => ({ ok: true, record: value });
  expect(read("targets", keys.target(name), targetValue("RUNNING"))).toEqual(
    record({ kind: "target", name, value: "RUNNING" }),
  );
  expect(read("targets", keys.restart(name), restartValue(true))).toEqual(
    record({ kind: "restart", name, onlyFailed: true }),
  );
  expect(read("targets", keys.restartTask(name, 12), {})).toEqual(
    record({ kind: "restart-task", name, task: 12 }),
  );
  expect(read("status", keys.taskStatus(name, 0), running)).toEqual(
    record({ kind: "task-status", name, task: 0, value: running }),
  );
  expect(read("status", keys.topic(name, "a.b-c"), null)).toEqual(
    record({ kind: "topic", name, topic: "a.b-c", active: false }),
  );
  expect(read("configs", keys.config(name), null)).toEqual(
    record({ kind: "config", name, value: undefined }),
  );
});

test("no key and no value makes the reader throw", () => {
  const kinds = fc.constantFrom("configs" as const, "targets" as const, "status" as const);
  const prefix = fc.constantFrom("connector-", "target-state-", "status-task-", "worker-", "");
  fc.assert(
    fc.property(kinds, prefix, fc.string(), fc.jsonValue(), (kind, before, rest, value) => {
      const parsed = parseRecord(kind, before + rest, value);
      if (parsed.ok && "name" in parsed.record) expect(parsed.record.name).not.toMatch(/[/\\\s]/);
      if (!parsed.ok) expect(parsed.message.length).toBeLessThan(250);
    }),
  );
});

test("a task is what its worker says while that lives, and UNASSIGNED after ten seconds", () => {
  const view = fold(job, worker(0), task(0, running), task(1, { ...running, state: "PAUSED" }));
  const at = (nowMs: number) =>
    statusOf(view, "job", { ...nobody, nowMs }).tasks.map(({ state }) => state);
  expect(at(9_999)).toEqual(["RUNNING", "PAUSED"]);
  expect(at(10_000)).toEqual(["UNASSIGNED", "UNASSIGNED"]);
  expect(statusOf(view, "job", { ...nobody, nowMs: 10_000 }).connector.state).toBe("UNASSIGNED");
});

test("tasks that a live worker has not spoken of yet are UNASSIGNED, by slot and tasks.max", () => {
  const view = fold(job, worker(1), task(2, running));
  expect(statusOf(view, "job", nobody).tasks).toEqual([
    { id: 2, state: "UNASSIGNED", worker_id: "g-0" }, // said by a worker that is not there
    { id: 3, state: "UNASSIGNED", worker_id: "g-1" },
  ]);
});

test("what a worker said before it was started anew no longer counts", () => {
  const view = fold(job, worker(0, 5), task(7, running), worker(0, 6));
  expect(statusOf(view, "job", nobody).tasks.map(({ id }) => id)).toEqual([0, 1]);
});

test("of two workers in one slot the later one is believed, whoever speaks last", () => {
  const failed: StatusRecord = { ...running, state: "FAILED", trace: "fenced", generation: 4 };
  const view = fold(job, worker(0, 5), worker(0, 4), task(0, running), task(0, failed));
  expect(view.workers.get("g-0")?.generation).toBe(5);
  expect(statusOf(view, "job", nobody).tasks[0]?.state).toBe("RUNNING");
});

test("this worker's own tasks are as they are, whatever has gone round", () => {
  const view = fold(job, worker(0), task(0, running));
  const own = [{ id: 0, state: "FAILED", trace: "why" }] as const;
  const { tasks } = statusOf(view, "job", { ...nobody, workerId: "g-0", own });
  expect(tasks[0]).toEqual({ id: 0, state: "FAILED", worker_id: "g-0", trace: "why" });
});

test("a flood of jobs ends at a limit, and those that are there can still be changed", () => {
  const view = createClusterView();
  const flood = (name: string) => applyRecord(view, { ...job, name } as ClusterRecord, 0);
  for (let at = 0; at < 1_000; at++) expect(flood(`job-${at}`)).toBeUndefined();
  expect(flood("one-more")).toMatch(/1000/);
  expect(flood("job-7")).toBeUndefined();
});
