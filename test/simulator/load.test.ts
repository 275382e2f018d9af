import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createVirtualClock } from "../../harness/simulation/memory-clock.ts";
import { type AckRange, openAckLog } from "../../simulator/ack-log.ts";
import { closingReadings } from "../../simulator/closing.ts";
import { countSends } from "../../simulator/count-plan.ts";
import type { HerdOutcome } from "../../simulator/herd.ts";
import { createHotProducer } from "../../simulator/hot-producer.ts";
import { openIntentLog } from "../../simulator/intent-log.ts";
import { createLoad } from "../../simulator/load.ts";
import { beginAtTheStart } from "../../simulator/load-beginning.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import { createPlan, type Plan } from "../../simulator/plan.ts";
import type { Producer, Settle } from "../../simulator/producer.ts";
import { createSendMeter } from "../../simulator/send-meter.ts";
import { createFakeBroker, type FakeBroker, type Fault } from "./broker-fixture.ts";
import { smallOptions, startAt } from "./plan-fixture.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const originMs = 5_000;
/** 1,800 s of event time in 6 s. */
const timeScale = 300;
const plan = createPlan({ ...smallOptions, format: "json" });
const running = new AbortController().signal;

async function bench(options: {
  readonly script?: (partition: number) => Fault;
  readonly partitions?: readonly number[];
  readonly warmUpMs?: number;
  readonly onHerd?: (outcome: HerdOutcome) => void;
}) {
  const { partitions = [0, 1, 2], warmUpMs = 0 } = options;
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-load-"));
  folders.push(folder);
  const file = join(folder, "acks.ndjson");
  const clock = createVirtualClock(0);
  const broker = createFakeBroker(options.script ?? (() => "ok"));
  const acks = openAckLog(file);
  const intents = openIntentLog(join(folder, "intents.ndjson"));
  const meter = createSendMeter(originMs + warmUpMs);
  const schedule = { originMs, startAt, timeScale };
  let producer: Producer;
  const load = createLoad(
    {
      plan,
      beginning: beginAtTheStart(plan, partitions),
      schedule,
      clock,
      acks,
      intents,
      meter,
      tickMs: 5,
      ...(options.onHerd === undefined ? {} : { onHerd: options.onHerd }),
    },
    () => producer,
  );
  const settle: Settle = (...settled) => load.settle(...settled);
  producer = await createHotProducer({ port: broker, partitions, clock, settle });
  const ranges = (): AckRange[] => {
    acks.flush();
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as AckRange);
  };
  return { load, clock, broker, meter, ranges };
}

function planned(of: Plan, partition: number, until = Number.POSITIVE_INFINITY): string[] {
  const values: string[] = [];
  const target = Buffer.alloc(of.encodedMaxBytes);
  createPartitionWalk(of, partition).advance(until, (reading) => {
    values.push(target.toString("utf8", 0, of.encode(reading, target, 0)));
  });
  return values;
}

function logged(broker: FakeBroker): (readonly string[])[] {
  return [0, 1, 2].map((partition) => broker.log(partition));
}

test("the log of every partition is the plan, whichever workers own them", async () => {
  const expected = [0, 1, 2].map((partition) => planned(plan, partition));
  const alone = await bench({});
  await alone.clock.runUntil(alone.load.run(running), 60_000);
  expect(logged(alone.broker)).toEqual(expected);
  const [first, second] = [await bench({ partitions: [0, 2] }), await bench({ partitions: [1] })];
  await first.clock.runUntil(first.load.run(running), 60_000);
  await second.clock.runUntil(second.load.run(running), 60_000);
  const [left, right] = [logged(first.broker), logged(second.broker)];
  expect([left[0], right[1], left[2]]).toEqual(expected);
});

test("nothing leaves before its intended time, and little after it when nothing waits", async () => {
  const { load, clock, meter } = await bench({});
  const run = load.run(running);
  await clock.advance(originMs - 1);
  expect(load.counts.sends).toBe(0);
  await clock.runUntil(run, 60_000);
  const { sendLag, publish, sent, firstSentAtMs, lastSentAtMs } = meter.result();
  expect(sent).toBe(countSends(plan).sends);
  expect(sendLag.ms.max).toBeLessThanOrEqual(6);
  expect(publish.ms.count).toBe(sent);
  expect(firstSentAtMs).toBeGreaterThanOrEqual(originMs);
  expect(lastSentAtMs).toBeLessThanOrEqual(originMs + 6_000 + 6);
});

test("what is held back leaves at once when it may, in the plan's order, and late", async () => {
  const herds: HerdOutcome[] = [];
  const { load, clock, broker, meter } = await bench({ onHerd: (herd) => void herds.push(herd) });
  const run = load.run(running);
  await clock.advance(originMs + 1_000);
  load.hold(2_000);
  const before = load.counts.sends;
  await clock.advance(1_900);
  expect(load.counts.sends).toBe(before);
  await clock.runUntil(run, 60_000);
  expect(logged(broker)).toEqual([0, 1, 2].map((partition) => planned(plan, partition)));
  expect(herds).toHaveLength(1);
  const due = countSends(plan).sends / 3;
  expect(herds[0]!.sends).toBeGreaterThan(due * 0.9);
  expect(herds[0]!.sends).toBeLessThan(due * 1.1);
  expect(herds[0]!.heldMs).toBeGreaterThanOrEqual(2_000);
  expect(meter.result().sendLag.ms.max).toBeGreaterThan(1_900);
});

test("what is intended during the warm-up is sent but not measured", async () => {
  const { load, clock, meter } = await bench({ warmUpMs: 3_000 });
  await clock.runUntil(load.run(running), 60_000);
  const all = countSends(plan).sends;
  const before = countSends(plan, startAt + 3_000 * timeScale).sends;
  expect(load.counts.acked).toBe(all);
  expect(meter.result().sent).toBe(all - before);
});

test("a broker that stands still makes the schedule wait, and the send lag shows it", async () => {
  const { load, clock, broker, meter } = await bench({});
  const run = load.run(running);
  await clock.advance(originMs + 1_000);
  const held = Promise.withResolvers<void>();
  broker.hold = held.promise;
  await clock.advance(2_000);
  broker.hold = undefined;
  held.resolve();
  await clock.runUntil(run, 60_000);
  expect(logged(broker)).toEqual([0, 1, 2].map((partition) => planned(plan, partition)));
  expect(meter.result().sendLag.ms.max).toBeGreaterThan(1_800);
  expect(meter.result().publish.ms.p99).toBeGreaterThan(1_800);
});

test("the ack file says of every position what became of it, and where it is in the log", async () => {
  const faults: Fault[] = ["ok", "lost-answer", "refused", "moved", "lost-request"];
  let calls = 0;
  const script = (): Fault => (calls++ % 50 === 49 ? faults[(calls / 50) % faults.length]! : "ok");
  const { load, clock, broker, ranges } = await bench({ script });
  await clock.runUntil(load.run(running), 120_000);
  const counts = { acked: 0, failed: 0, unknown: 0 };
  for (const partition of [0, 1, 2]) {
    const mine = ranges().filter((range) => range.partition === partition);
    const values = planned(plan, partition);
    let next = 0;
    for (const { from, to, outcome, baseOffset } of mine) {
      expect(from).toBe(next);
      next = to;
      counts[outcome] += to - from;
      if (outcome !== "acked") continue;
      const slice = broker.log(partition).slice(baseOffset, baseOffset + to - from);
      expect(slice).toEqual(values.slice(from, to));
    }
    expect(next).toBe(values.length);
  }
  expect(load.counts).toMatchObject(counts);
  expect(counts.failed).toBeGreaterThan(0);
});

test("a cut ends the load there, or where it already was, and a later cut takes it further", async () => {
  const { load, clock, broker } = await bench({});
  const run = load.run(running);
  await clock.advance(originMs + 1_000);
  load.cut(startAt + 400_000);
  await clock.runUntil(run, 10_000);
  expect(load.sentEventMs).toBe(startAt + 400_000);
  expect(broker.log(1)).toEqual(planned(plan, 1, startAt + 400_000));
  load.cut(startAt + 100_000);
  expect(load.sentEventMs).toBe(startAt + 400_000);
  load.cut(startAt + 500_000.5);
  await clock.runUntil(load.run(running), 10_000);
  expect(load.sentEventMs).toBe(startAt + 500_001);
  expect(broker.log(1)).toEqual(planned(plan, 1, startAt + 500_001));
});

test("an aborted load stops and waits for its outcomes", async () => {
  const { load, clock, broker } = await bench({});
  const stop = new AbortController();
  const run = load.run(stop.signal);
  await clock.advance(originMs + 1_000);
  stop.abort();
  await clock.runUntil(run, 10_000);
  const { sends, acked } = load.counts;
  expect(acked).toBe(sends);
  expect(logged(broker).flat()).toHaveLength(sends);
});

test("closing readings follow the cut, their positions go on and their lines say so", async () => {
  const { load, clock, broker, ranges, meter } = await bench({});
  const cutAt = startAt + 600_000;
  load.cut(cutAt);
  await clock.runUntil(load.run(running), 10_000);
  const measured = meter.result().sent;
  const closed = await clock.runUntil(load.close(), 10_000);
  const closing = closingReadings(plan, 2, cutAt);
  expect(closed).toBe(3 * closing.length);
  expect(load.counts.closing).toBe(closed);
  expect(meter.result().sent).toBe(measured);
  const before = planned(plan, 2, cutAt).length;
  const target = Buffer.alloc(plan.encodedMaxBytes);
  expect(broker.log(2).slice(before)).toEqual(
    closing.map((reading) => target.toString("utf8", 0, plan.encode(reading, target, 0))),
  );
  const lines = ranges().filter(({ partition }) => partition === 2);
  expect(lines.at(-1)).toMatchObject({
    from: before,
    to: before + closing.length,
    baseOffset: before,
    closing: true,
  });
  expect(lines.filter((line) => line.closing)).toHaveLength(1);
});
