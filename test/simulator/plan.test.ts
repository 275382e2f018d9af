import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyRawReading } from "../../pipeline/contract/reading.ts";
import { readReading } from "../../pipeline/contract/reading-codec.ts";
import { partitionOf } from "../../pipeline/kafka/wire/murmur2.ts";
import { createPlan, emptyPlannedReading, fates, type Plan } from "../../simulator/plan.ts";
import { PlanError } from "../../simulator/plan-error.ts";
import { anyOptions, smallOptions, startAt } from "./plan-fixture.ts";

function hexOf(plan: Plan, device: number, index: number): string {
  const reading = emptyPlannedReading();
  plan.fill(device, index, reading);
  const target = Buffer.alloc(plan.encodedMaxBytes);
  return target.subarray(0, plan.encode(reading, target, 0)).toString("hex");
}

test("a reading is a pure function of options, device and index, in whatever order it is asked for", () => {
  const [a, b] = [createPlan(smallOptions), createPlan(smallOptions)];
  const pairs = Array.from({ length: 500 }, (_, i) => [i % 40, Math.floor(i / 40)] as const);
  const forward = pairs.map(([device, index]) => hexOf(a, device, index));
  const backward = pairs
    .toReversed()
    .map(([device, index]) => hexOf(b, device, index))
    .toReversed();
  expect(backward).toEqual(forward);
});

test("the bytes of a seed stay what they are from release to release", () => {
  const plan = createPlan(smallOptions);
  expect(hexOf(plan, 7, 3)).toBe(
    "c30191605795f02a30c012742d3030303030303712682d30303030303037060006deb5a1eff7668e1c9c18667c00",
  );
});

test("another seed is another fleet", () => {
  const other = createPlan({ ...smallOptions, seed: smallOptions.seed + 2 ** 40 });
  const plan = createPlan(smallOptions);
  const same = Array.from({ length: 40 }, (_, device) => device).filter(
    (device) => hexOf(plan, device, 0) === hexOf(other, device, 0),
  );
  expect(same).toEqual([]);
});

test("event time is startAt + phase + index × every, and seq is the index", () => {
  fc.assert(
    fc.property(anyOptions, fc.nat(29), fc.nat(1000), (options, d, index) => {
      const plan = createPlan(options);
      const device = d % options.devices;
      const reading = emptyPlannedReading();
      plan.fill(device, index, reading);
      expect(reading.at).toBe(startAt + plan.phaseOf(device) + index * options.everyMs);
      expect(plan.phaseOf(device)).toBeLessThan(options.everyMs);
      expect([reading.boot, reading.seq, reading.index]).toEqual([0, index, index]);
    }),
  );
});

test("hot devices send so much more often, and the others as before", () => {
  const plan = createPlan({ ...smallOptions, hot: { devices: 4, everyMs: 1_000 } });
  const calm = createPlan(smallOptions);
  const reading = emptyPlannedReading();
  for (const device of [0, 3]) {
    plan.fill(device, 25, reading);
    expect(reading.at).toBe(startAt + plan.phaseOf(device) + 25_000);
    expect(plan.phaseOf(device)).toBeLessThan(1_000);
    expect(plan.readingsOf(device)).toBe(10 * calm.readingsOf(device));
    expect(plan.everyOf(device)).toBe(1_000);
  }
  for (const device of [4, 39]) expect(hexOf(plan, device, 25)).toBe(hexOf(calm, device, 25));
});

test("indexesIn and readingsOf agree with counting", () => {
  const bounds = fc.tuple(fc.integer({ min: -1, max: 41 }), fc.integer({ min: -1, max: 41 }));
  fc.assert(
    fc.property(anyOptions, bounds, fc.nat(29), (options, [from, to], d) => {
      const plan = createPlan(options);
      const device = d % options.devices;
      const [fromAt, toAt] = [startAt + from * options.everyMs + 7, startAt + to * options.everyMs];
      const reading = emptyPlannedReading();
      const inside: number[] = [];
      let inLoad = 0;
      for (let index = 0; index < 60; index++) {
        plan.fill(device, index, reading);
        if (reading.at >= startAt + options.loadMs) continue;
        inLoad += 1;
        if (reading.at >= fromAt && reading.at < toAt) inside.push(index);
      }
      const { first, end } = plan.indexesIn(device, fromAt, toAt);
      expect(Array.from({ length: end - first }, (_, i) => first + i)).toEqual(inside);
      expect(plan.readingsOf(device)).toBe(inLoad);
    }),
  );
});

test("every device is in the partition that Kafka's murmur2 gives its id, the reserved ones included", () => {
  const plan = createPlan({ ...smallOptions, partitions: 7 });
  for (let device = 0; device < plan.allDevices; device++) {
    const id = Buffer.from(plan.deviceId(device));
    expect(partitionOf(id, 0, id.length, 7)).toBe(plan.partitionOf(device));
  }
  const reserved = plan.allDevices - plan.fleetDevices;
  expect(reserved).toBe(7 * 3);
  expect(plan.partitionOf(plan.fleetDevices + 4 * 3 + 2)).toBe(4);
  expect(plan.deviceId(plan.fleetDevices + 4 * 3 + 2)).toMatch(/^t-closing-4-2-\d+$/);
});

test("devicesOf holds each device of the fleet once, by phase", () => {
  const plan = createPlan(smallOptions);
  const all: number[] = [];
  for (let partition = 0; partition < smallOptions.partitions; partition++) {
    const devices = [...plan.devicesOf(partition)];
    all.push(...devices);
    expect(devices).toEqual(devices.toSorted((a, b) => plan.phaseOf(a) - plan.phaseOf(b) || a - b));
  }
  expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
});

test("deviceOf is the inverse of deviceId and knows nobody else", () => {
  const plan = createPlan({ ...smallOptions, devices: 1234 });
  for (let device = 0; device < plan.allDevices; device++) {
    const id = Buffer.from(`x${plan.deviceId(device)}x`);
    expect(plan.deviceOf(id, 1, id.length - 1)).toBe(device);
  }
  const strangers = ["t-0001234", "t-000001", "t-00000001", "t-000000a", "h-0000001", "t-", ""];
  for (const stranger of [...strangers, "t-closing-0-0", "t-closing-9-0-1"]) {
    const id = Buffer.from(stranger);
    expect(plan.deviceOf(id, 0, id.length)).toBe(-1);
  }
});

test("deviceOf never throws, whatever the bytes", () => {
  const plan = createPlan(smallOptions);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const device = plan.deviceOf(bytes, 0, bytes.length);
      if (device >= 0) expect(plan.deviceId(device)).toBe(Buffer.from(bytes).toString());
    }),
  );
});

test.each(["avro", "json"] as const)(
  "exactly the malformed readings are undecodable in %s, the others come back as planned",
  (format) => {
    const mix = { ...smallOptions.mix, malformed: 0.2 };
    const plan = createPlan({ ...smallOptions, format, mix });
    const target = new Uint8Array(plan.encodedMaxBytes + 1);
    const reading = emptyPlannedReading();
    const decoded = emptyRawReading();
    let malformed = 0;
    for (let device = 0; device < 40; device++) {
      for (let index = 0; index < 100; index++) {
        plan.fill(device, index, reading);
        const end = plan.encode(reading, target, 1);
        const whole = readReading(target, 1, end, decoded);
        expect(whole).toBe(fates[reading.fate] !== "malformed");
        expect(end).toBeGreaterThan(1);
        if (!whole) {
          malformed += 1;
          continue;
        }
        expect(Buffer.from(decoded.idBytes.subarray(decoded.idStart, decoded.idEnd))).toEqual(
          Buffer.from(plan.deviceId(device)),
        );
        const { at, seq, temperature, target: setPoint, humidity, battery, heating } = reading;
        expect(decoded).toMatchObject({ at, seq, temperature, humidity, battery, heating });
        expect(decoded.target).toBe(setPoint);
      }
    }
    expect(malformed).toBeGreaterThan(500);
  },
);

test("options that no fleet can have are refused with a sentence", () => {
  const refused = (change: object): (() => void) => {
    return () => createPlan({ ...smallOptions, ...change });
  };
  expect(refused({ devices: 0 })).toThrow(PlanError);
  expect(refused({ devices: 0 })).toThrow("devices: 0 is no whole number of at least 1");
  expect(refused({ everyMs: 0.5 })).toThrow("everyMs");
  expect(refused({ window: { ...smallOptions.window, graceMs: -1 } })).toThrow("window.graceMs");
  expect(refused({ window: { ...smallOptions.window, retentionMs: 1 } })).toThrow("retentionMs");
  expect(refused({ window: { ...smallOptions.window, retentionMs: 40_000 } })).toThrow("revising");
  expect(refused({ mix: { ...smallOptions.mix, late: 1.5 } })).toThrow("late: 1.5 is no share");
  expect(refused({ mix: { ...smallOptions.mix, late: 0.99 } })).toThrow("add up to");
});
