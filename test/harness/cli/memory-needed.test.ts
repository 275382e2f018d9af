import { expect, test } from "vitest";
import {
  type MemoryLoad,
  memoryNeeded,
  memoryWarning,
} from "../../../harness/cli/memory-needed.ts";

const quick: MemoryLoad = {
  devices: 25_000,
  windows: 25_000 * 12,
  openWindows: 4,
  partitions: 8,
  workers: 1,
  jobs: 2,
  ownServers: true,
};
const lifeSize = { ...quick, devices: 1_157_408, windows: 4 * 1_157_408, openWindows: 2 };

test("a minute needs about the six gigabytes that the README asks for, a life-size fleet a third more", () => {
  expect(memoryNeeded(quick).bytes / 1e9).toBeCloseTo(6, 0);
  const { bytes } = memoryNeeded(lifeSize);
  expect(bytes).toBeGreaterThan(7e9);
  expect(bytes).toBeLessThan(10e9);
});

test("the need is the sum of its reasons, and a kept stack's servers are none of them", () => {
  const need = memoryNeeded(quick);
  expect(need.bytes).toBe(need.reasons.reduce((sum, { bytes }) => sum + bytes, 0));
  const without = memoryNeeded({ ...quick, ownServers: false });
  expect(need.bytes - without.bytes).toBeGreaterThan(3e9);
});

test("a machine with less is told both numbers and the largest reasons, one with enough nothing", () => {
  const need = memoryNeeded(lifeSize);
  expect(memoryWarning(need, need.bytes)).toBeUndefined();
  expect(memoryWarning(need, 6e9)).toMatch(
    /^The run needs about 8\.\d GB of memory \(4\.1 GB for the servers, 1\.\d GB for the persisting jobs, .*6\.0 GB are available/,
  );
});

test("a run that is longer needs no more memory but a byte or so a window", () => {
  const day = { ...lifeSize, windows: 144 * lifeSize.devices };
  const more = memoryNeeded(day).bytes - memoryNeeded(lifeSize).bytes;
  expect(more).toBeLessThan(1.5 * (day.windows - lifeSize.windows));
});
