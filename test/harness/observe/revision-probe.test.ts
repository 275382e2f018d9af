import { expect, test } from "vitest";
import { rowOf } from "../../../harness/facts/table.ts";
import { type SeenRow, startRevisionProbe } from "../../../harness/observe/revision-probe.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

/** A store whose only answer is what `shows` says at the time; one device, so one key a window. */
function world(shows: (windowStart: number, at: number) => number | undefined, windows = [0]) {
  const clock = createVirtualClock(0);
  const asked: number[] = [];
  const probe = startRevisionProbe({
    poll: {
      seen: async (targets) => {
        asked.push(targets.length);
        return targets.flatMap(({ device, windowStart }): SeenRow[] => {
          const revision = shows(windowStart, clock.now());
          return revision === undefined
            ? []
            : [{ device, windowStart, revision, version: Number.NaN }];
        });
      },
    },
    clock,
    seed: 1,
    devices: 1,
    deviceId: (device) => `t-${device}`,
    windows: windows.map((start) => ({ start, fromMs: start })),
    store: 3,
    intervalMs: 100,
  });
  const rows = () =>
    Array.from({ length: probe.table.length }, (_, row) => rowOf(probe.table, row));
  return { clock, probe, asked, rows };
}

test("equal looks in a row are one row with their times and their number", async () => {
  const { clock, probe, rows } = world((_, at) => (at < 250 ? 7 : 8));
  await clock.advance(450);
  await clock.runUntil(probe.finish(1_000), 5_000);
  expect(rows().map(({ revision, firstAtMs, looks }) => [revision, firstAtMs, looks])).toEqual([
    [7, 0, 3],
    [8, 300, 3],
  ]);
  expect(rows()[1]).toMatchObject({ store: 3, device: 0, window: 0, lastAtMs: 450 });
});

test("a row that was seen and is gone is on file; one that never was is not", async () => {
  const { clock, probe, rows } = world((_, at) => (at >= 200 && at < 400 ? 5 : undefined));
  await clock.advance(600);
  await clock.runUntil(probe.finish(1_000), 5_000);
  expect(rows().map(({ revision, firstAtMs }) => [revision, firstAtMs])).toEqual([
    [5, 200],
    [Number.NaN, 400],
  ]);
});

test("windows are looked for from their time on, and all of them when all are closed", async () => {
  const { clock, probe, asked } = world(() => 1, [0, 150, 900]);
  await clock.advance(250);
  expect(asked).toEqual([1, 1, 2]);
  probe.allClosed();
  await clock.runUntil(probe.finish(1_000), 5_000);
  expect(asked.slice(-2)).toEqual([3, 1]);
});

test("what is seen for the first time at the very end is looked at twice, so that something is held against it", async () => {
  const { clock, probe, asked, rows } = world(() => 6, [900]);
  await clock.advance(150);
  probe.allClosed();
  await clock.runUntil(probe.finish(1_000), 5_000);
  expect(asked).toEqual([1, 1]);
  expect(rows().map(({ revision, looks }) => [revision, looks])).toEqual([[6, 2]]);
});

test("many keys are looked at by turns, and all of them at the end", async () => {
  const windows = Array.from({ length: 250 }, (_, nth) => nth);
  const { clock, probe, asked, rows } = world(() => 1, windows);
  probe.allClosed();
  await clock.advance(350);
  expect(asked).toEqual([1, 96, 96, 96]);
  asked.length = 0;
  await clock.runUntil(probe.finish(1_000), 5_000);
  expect(asked).toEqual([96, 96, 58]);
  expect(rows().every(({ looks }) => looks >= 2)).toBe(true);
});

test("a look that fails is counted, and says nothing of its keys", async () => {
  const { clock, probe, rows } = world((_, at) => {
    if (at === 100) throw new Error("down");
    return 4;
  });
  await clock.advance(250);
  expect(probe.failedLooks).toBe(1);
  await clock.runUntil(probe.finish(1_000), 5_000);
  expect(rows()).toHaveLength(1);
});
