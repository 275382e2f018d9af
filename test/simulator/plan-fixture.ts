/** Plans for tests: small fleets with every fate often enough to be seen. */
import fc from "fast-check";
import { emptyPlannedReading, type Plan, type PlanOptions } from "../../simulator/plan.ts";

export const startAt = Date.UTC(2026, 0, 15);

export const smallOptions: PlanOptions = {
  seed: 20180301,
  devices: 40,
  everyMs: 10_000,
  startAt,
  loadMs: 1_800_000,
  partitions: 3,
  format: "avro",
  window: {
    sizeMs: 300_000,
    graceMs: 30_000,
    retentionMs: 600_000,
    aheadMs: 3_600_000,
    quorum: 3,
  },
  mix: {
    outOfOrder: 0.05,
    revising: 0.03,
    late: 0.02,
    duplicated: 0.05,
    malformed: 0.01,
    missing: 0.02,
  },
};

/** Options of all shapes, small enough to be compared with a brute-force model. */
export const anyOptions: fc.Arbitrary<PlanOptions> = fc
  .record({
    seed: fc.maxSafeInteger(),
    devices: fc.integer({ min: 1, max: 30 }),
    everyMs: fc.integer({ min: 1, max: 20_000 }),
    rounds: fc.integer({ min: 1, max: 40 }),
    partitions: fc.integer({ min: 1, max: 5 }),
    graceMs: fc.integer({ min: 0, max: 60_000 }),
    share: fc.double({ min: 0, max: 0.15, noNaN: true }),
    quorum: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ seed, devices, everyMs, rounds, partitions, graceMs, share, quorum }) => ({
    seed,
    devices,
    everyMs,
    startAt,
    loadMs: everyMs * rounds,
    partitions,
    format: "avro" as const,
    window: {
      sizeMs: 3 * everyMs,
      graceMs,
      retentionMs: graceMs + 5 * everyMs,
      aheadMs: 3_600_000,
      quorum,
    },
    mix: {
      outOfOrder: share,
      revising: share,
      late: share,
      duplicated: share,
      malformed: share / 2,
      missing: share / 2,
    },
  }));

/** The same with devices that restart, believe another year, or send more often than the rest. */
export const oddOptions: fc.Arbitrary<PlanOptions> = fc
  .record({
    options: anyOptions,
    rebooted: fc.double({ min: 0, max: 0.5, noNaN: true }),
    wrongClock: fc.double({ min: 0, max: 0.2, noNaN: true }),
    hotShare: fc.double({ min: 0, max: 1, noNaN: true }),
    times: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ options, rebooted, wrongClock, hotShare, times }) => ({
    ...options,
    everyMs: options.everyMs * times,
    loadMs: options.loadMs * times,
    window: {
      ...options.window,
      sizeMs: options.window.sizeMs * times,
      retentionMs: options.window.retentionMs + 5 * options.everyMs * times,
    },
    mix: { ...options.mix, wrongClock },
    rebooted,
    hot: { devices: Math.floor(hotShare * options.devices), everyMs: options.everyMs },
  }));

export type Send = {
  readonly sendAt: number;
  readonly device: number;
  readonly index: number;
  readonly copy: 0 | 1;
};

/** All sends of a partition, slow and obvious: fill everything, keep what is planned, sort. */
export function sortedSends(plan: Plan, partition: number): Send[] {
  const endAt = plan.options.startAt + plan.options.loadMs;
  const sends: Send[] = [];
  for (let device = 0; device < plan.fleetDevices; device++) {
    if (plan.partitionOf(device) !== partition) continue;
    for (let index = 0; index < plan.readingsOf(device); index++) {
      const reading = emptyPlannedReading();
      plan.fill(device, index, reading);
      if (reading.fate === 5) continue;
      sends.push({ sendAt: reading.sendAt, device, index, copy: 0 });
      if (reading.duplicateAt >= 0) {
        sends.push({ sendAt: reading.duplicateAt, device, index, copy: 1 });
      }
    }
  }
  return sends
    .filter(({ sendAt }) => sendAt < endAt)
    .sort(
      (a, b) => a.sendAt - b.sendAt || a.device - b.device || a.index - b.index || a.copy - b.copy,
    );
}
