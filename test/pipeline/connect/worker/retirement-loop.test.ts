/** Retirement by the job's clock: at once, each hour, never while paused, and whatever fails. */
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../../harness/simulation/memory-clock.ts";
import { scaledClock } from "../../../../pipeline/clock.ts";
import { createTaskMeter } from "../../../../pipeline/connect/task/task-meter.ts";
import { retireRegularly } from "../../../../pipeline/connect/worker/retirement-loop.ts";

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

function start(options: { readonly scale?: number; readonly fails?: boolean } = {}) {
  const clock = createVirtualClock(0);
  const control = new AbortController();
  const meter = createTaskMeter();
  const state = { calls: 0, paused: false };
  const retire = async () => {
    state.calls += 1;
    if (options.fails) throw new Error("the store is away");
    return [];
  };
  const ended = retireRegularly({
    retirement: { due: retire, retire },
    clock: scaledClock(clock, { origin: 0, start: 0, scale: options.scale ?? 1 }),
    log,
    meter,
    isPaused: () => state.paused,
    signal: control.signal,
  });
  return { clock, state, meter, ended, stop: () => control.abort(new Error("stop")) };
}

test("at the start, then each hour; the end wakes it", async () => {
  const { clock, state, ended, stop } = start();
  await clock.advance(3_599_000);
  expect(state.calls).toBe(1);
  await clock.advance(2 * 3_600_000);
  expect(state.calls).toBe(3);
  stop();
  await ended;
});

test("hours of a job's clock that plays faster come sooner", async () => {
  const { clock, state } = start({ scale: 60 });
  await clock.advance(5 * 60_000);
  expect(state.calls).toBe(6);
});

test("a paused job retires nothing until it goes on", async () => {
  const { clock, state } = start();
  state.paused = true;
  await clock.advance(5 * 3_600_000);
  expect(state.calls).toBe(1);
  state.paused = false;
  await clock.advance(10_000);
  expect(state.calls).toBe(2);
});

test("a failure is counted, and tried again with the next hour", async () => {
  const { clock, state, meter } = start({ fails: true });
  await clock.advance(3_700_000);
  expect(state.calls).toBe(2);
  expect(meter.errorsLogged).toBe(2);
});
