import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AckRange } from "../../simulator/ack-log.ts";
import { systemClock } from "../../simulator/clock.ts";
import { closingReadings } from "../../simulator/closing.ts";
import { countSends } from "../../simulator/count-plan.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import { createPlan, type Plan, type PlanOptions } from "../../simulator/plan.ts";
import type { WorkerConfigFile } from "../../simulator/worker-config.ts";
import type { WorkerProgress } from "../../simulator/worker-protocol.ts";
import { liveStack } from "./live-stack.ts";
import { ownTopic, type ReadBack, startWorker, type WorkerProcess } from "./simulator-fixture.ts";

const timeScale = 46.2964;
const options: PlanOptions = {
  seed: 7,
  devices: 25_000,
  everyMs: 10_000,
  startAt: Date.UTC(2026, 0, 15),
  loadMs: Math.round(2_000 * timeScale),
  partitions: 8,
  format: "avro",
  window: {
    sizeMs: 20_000,
    graceMs: 5_000,
    retentionMs: 30_000,
    aheadMs: 3_600_000,
    quorum: 3,
  },
  mix: {
    outOfOrder: 0.02,
    revising: 0.002,
    late: 0.001,
    duplicated: 0.005,
    malformed: 0.001,
    missing: 0.001,
  },
};

let name: string;
let topic: Awaited<ReturnType<typeof ownTopic>>;
const workers: WorkerProcess[] = [];

beforeEach(async () => {
  name = `simulator-${randomBytes(4).toString("hex")}`;
  topic = await ownTopic(liveStack().kafka.bootstrap, name, options.partitions);
});
afterEach(async () => {
  for (const worker of workers.splice(0)) {
    worker.child.kill("SIGKILL");
    await worker.exited;
    worker.remove();
  }
  await topic.close();
});

type Settings = Partial<Pick<WorkerConfigFile, "bootstrap" | "worker" | "workers" | "client">>;

function start(plan: PlanOptions, more: Settings = {}, before?: WorkerProcess): WorkerProcess {
  const config = {
    plan,
    bootstrap: liveStack().kafka.bootstrap,
    topic: name,
    worker: 0,
    workers: 1,
    client: "hot" as const,
    timeScale,
    warmUpMs: 0,
    ...more,
  };
  const worker = startWorker(config, before);
  workers.push(worker);
  return worker;
}

/** How many records differ from the plan, partition by partition, and how many there are. */
function compare(plan: Plan, cutAt: number, log: readonly (readonly ReadBack[])[]) {
  const target = Buffer.alloc(plan.encodedMaxBytes);
  let different = 0;
  let records = 0;
  for (const [partition, actual] of log.entries()) {
    let at = 0;
    const check = (reading: Parameters<Plan["encode"]>[0]): void => {
      const end = plan.encode(reading, target, 0);
      const record = actual[at++];
      const id = reading.idBytes.subarray(reading.idStart, reading.idEnd);
      if (!record?.value.equals(target.subarray(0, end)) || !record.key.equals(id)) different += 1;
    };
    createPartitionWalk(plan, partition).advance(cutAt, check);
    for (const reading of closingReadings(plan, partition, cutAt)) check(reading);
    different += Math.max(0, actual.length - at);
    records += actual.length;
  }
  return { different, records };
}

/**
 * Walks plan and log together: an acked position must be the record at its offset, an unknown one may be the next
 * record of the log. `displaced`: acked, but not there; `unplaced`: records that are at no position's place.
 */
function compareWithAcks(
  plan: Plan,
  acks: readonly AckRange[],
  log: readonly (readonly ReadBack[])[],
) {
  const seen = { acked: 0, unknownInLog: 0, displaced: 0, unplaced: 0 };
  const endAt = plan.options.startAt + plan.options.loadMs;
  const target = Buffer.alloc(plan.encodedMaxBytes);
  for (const [partition, records] of log.entries()) {
    const ranges = acks.filter((range) => range.partition === partition);
    let [position, next, current] = [0, 0, 0];
    const visit = (reading: Parameters<Plan["encode"]>[0]): void => {
      while (ranges[current]!.to <= position) current += 1;
      const { outcome, from, baseOffset } = ranges[current]!;
      const end = plan.encode(reading, target, 0);
      const equal = records[next]?.value.equals(target.subarray(0, end)) ?? false;
      // Both copies of a reading are the same bytes: from the next acked offset on the log is somebody else's.
      const ackedNext = ranges.slice(current).find((range) => range.outcome === "acked");
      const here = equal && (outcome === "acked" || next < (ackedNext?.baseOffset ?? Infinity));
      if (outcome === "acked") {
        seen.acked += 1;
        if (!here || next !== baseOffset + position - from) seen.displaced += 1;
      } else if (here) seen.unknownInLog += 1;
      if (outcome === "acked" || here) next += 1;
      position += 1;
    };
    createPartitionWalk(plan, partition).advance(endAt, visit);
    for (const reading of closingReadings(plan, partition, endAt)) visit(reading);
    seen.unplaced += records.length - next;
  }
  return seen;
}

test("two seconds at 115,741 readings/s: kafkajs reads back the plan, byte for byte, then the closing readings", async () => {
  const plan = createPlan(options);
  const worker = start(options);
  await worker.next("ready");
  worker.tell({ type: "start", atWallMs: systemClock.now() + 200 });
  const loaded = await worker.next("load-done");
  const planned = countSends(plan);
  expect(loaded).toMatchObject({
    sends: planned.sends,
    acked: planned.sends,
    failed: 0,
    unknown: 0,
  });
  worker.tell({ type: "close-windows" });
  const closed = await worker.next("closed");
  expect(closed.acked).toBe(closed.planned);
  worker.tell({ type: "finish" });
  await worker.next("done");
  expect(await worker.exited).toBe(0);

  const endAt = options.startAt + options.loadMs;
  const log = await topic.readBack();
  expect(compare(plan, endAt, log)).toEqual({
    different: 0,
    records: planned.sends + closed.planned,
  });
  for (const [partition, sends] of planned.byPartition.entries()) {
    const mine = worker.acks().filter((range) => range.partition === partition);
    expect(mine.every((range) => range.outcome === "acked")).toBe(true);
    expect(mine.map(({ from }) => from)).toEqual([0, ...mine.slice(0, -1).map(({ to }) => to)]);
    expect(mine.every(({ from, baseOffset }) => from === baseOffset)).toBe(true);
    expect(mine.find((range) => range.closing)?.from).toBe(sends);
  }
  const { measured, counts, interrupted } = worker.result();
  expect(counts).toMatchObject({ sends: planned.sends, closing: closed.planned });
  expect(measured.sent).toBe(planned.sends);
  expect(measured.sendLag.ms.count).toBe(planned.sends);
  expect(interrupted).toBe(false);
});

test("a cut ends the load early, at one event time for workers that share the fleet", async () => {
  const pair = [0, 1].map((worker) => start(options, { worker, workers: 2 }));
  await Promise.all(pair.map((worker) => worker.next("ready")));
  const atWallMs = systemClock.now() + 300;
  for (const worker of pair) worker.tell({ type: "start", atWallMs });
  await Promise.all(pair.map((worker) => worker.next("progress")));
  const atEventMs = options.startAt + Math.round(1_000 * timeScale);
  for (const worker of pair) worker.tell({ type: "cut", atEventMs });
  const done = await Promise.all(pair.map((worker) => worker.next("load-done")));
  const cutAt = Math.max(...done.map(({ endedAtEventMs }) => endedAtEventMs));
  expect(cutAt).toBeLessThan(options.startAt + options.loadMs);
  for (const worker of pair) worker.tell({ type: "cut", atEventMs: cutAt });
  const again = await Promise.all(pair.map((worker) => worker.next("load-done")));
  expect(again.map(({ endedAtEventMs }) => endedAtEventMs)).toEqual([cutAt, cutAt]);
  for (const worker of pair) worker.tell({ type: "close-windows" });
  await Promise.all(pair.map((worker) => worker.next("closed")));
  const { different } = compare(createPlan(options), cutAt, await topic.readBack());
  expect(different).toBe(0);
});

test("kafkajs as the client, JSON as the format: the same plan arrives", async () => {
  const small: PlanOptions = { ...options, devices: 1_000, format: "json" };
  const worker = start(small, { client: "kafkajs" });
  await worker.next("ready");
  worker.tell({ type: "start", atWallMs: systemClock.now() });
  const { acked } = await worker.next("load-done");
  worker.tell({ type: "close-windows" });
  const closed = await worker.next("closed");
  const plan = createPlan(small);
  expect(acked).toBe(countSends(plan).sends);
  const endAt = options.startAt + options.loadMs;
  expect(compare(plan, endAt, await topic.readBack())).toEqual({
    different: 0,
    records: acked + closed.planned,
  });
});

test("SIGTERM ends a worker in order: outcomes and result are written", async () => {
  const worker = start({ ...options, loadMs: 100 * options.loadMs });
  await worker.next("ready");
  worker.tell({ type: "start", atWallMs: systemClock.now() });
  while ((await worker.next("progress")).acked === 0);
  worker.child.kill("SIGTERM");
  await worker.next("done");
  expect(await worker.exited).toBe(0);
  const { counts, interrupted } = worker.result();
  expect(interrupted).toBe(true);
  expect(counts.acked).toBe(counts.sends);
  const told = worker.acks().reduce((sum, { from, to }) => sum + to - from, 0);
  expect(told).toBe(counts.sends);
});

test.for(["hot", "kafkajs"] as const)(
  "%s: a worker killed twice by -9 goes on: acked positions once and in their order, nothing twice",
  { timeout: 60_000 },
  async (client) => {
    const longer = {
      ...options,
      devices: client === "hot" ? 25_000 : 2_000,
      loadMs: 2 * options.loadMs,
    };
    const plan = createPlan(longer);
    const atWallMs = systemClock.now() + 200;
    let worker = start(longer, { client });
    await worker.next("ready");
    worker.tell({ type: "start", atWallMs });
    const told: WorkerProgress[] = [];
    for (const until of [1_000, 2_500]) {
      // A broker that has just been given the topic may answer nothing for a second.
      const before = told.at(-1)?.acked ?? 0;
      do told.push(await worker.next("progress"));
      while (systemClock.now() < atWallMs + until || told.at(-1)!.acked === before);
      worker.child.kill("SIGKILL");
      expect(await worker.exited).toBe("SIGKILL");
      worker = start(longer, { client }, worker);
      await worker.next("ready");
      worker.tell({ type: "start", atWallMs, resume: true });
    }
    const loaded = await worker.next("load-done");
    worker.tell({ type: "close-windows" });
    const closed = await worker.next("closed");
    worker.tell({ type: "finish" });
    expect(await worker.exited).toBe(0);

    const planned = countSends(plan);
    const { sends, acked, unknown, failed } = loaded;
    expect([sends, failed, closed.acked]).toEqual([planned.sends, 0, closed.planned]);
    expect(acked + unknown).toBe(sends);
    expect(unknown).toBeGreaterThan(0);
    expect(unknown).toBeLessThan(0.4 * sends);
    const sums = [...told, loaded].map((each) => each.acked);
    expect(sums).toEqual(sums.toSorted((a, b) => a - b));
    const { measured } = worker.result();
    expect([measured.sent, measured.acked]).toEqual([sends, acked]);
    expect(measured.publish.ms.count).toBeLessThanOrEqual(acked);
    const seen = compareWithAcks(plan, worker.acks(), await topic.readBack());
    expect(seen).toEqual({ ...seen, displaced: 0, unplaced: 0, acked: acked + closed.planned });
    expect(seen.unknownInLog).toBeLessThanOrEqual(unknown);
  },
);

test("a worker whose parent is gone ends at once", async () => {
  const worker = start(options);
  await worker.next("ready");
  worker.child.disconnect();
  expect(await worker.exited).toBe(1);
});

test("a worker that cannot begin says why and fails", async () => {
  const wrongPlan = start({ ...options, devices: 0 });
  expect((await wrongPlan.next("failed")).message).toContain("devices");
  expect(await wrongPlan.exited).toBe(1);
  const noBroker = start(options, { bootstrap: "127.0.0.1:1" });
  expect((await noBroker.next("failed")).message).toContain("127.0.0.1:1");
  expect(await noBroker.exited).toBe(1);
});
