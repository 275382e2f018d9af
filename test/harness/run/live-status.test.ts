import { expect, test } from "vitest";
import { createLiveStatus, type LiveEvent } from "../../../harness/run/live-status.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

test("whoever listens is told every figure, phase and fault at once, with the wall time", () => {
  const clock = createVirtualClock(5_000);
  const view = { update: () => undefined, say: () => undefined, close: () => undefined };
  const status = createLiveStatus({ scenario: "quick", run: "r1", view, clock });
  const heard: LiveEvent[] = [];
  const too: LiveEvent[] = [];
  status.stage("fleet", { total: 1 });
  status.listen((event) => heard.push(event));
  status.listen((event) => too.push(event));
  status.phase("load");
  status.stage("fleet", { total: 2, lag: 1 });
  status.fault("kill aggregator-0");
  status.fault(undefined);
  status.close();
  expect(heard).toEqual([
    { kind: "phase", phase: "load", atMs: 5_000 },
    { kind: "stage", name: "fleet", reading: { total: 2, lag: 1 }, atMs: 5_000 },
    { kind: "fault", active: "kill aggregator-0", atMs: 5_000 },
    { kind: "fault", active: undefined, atMs: 5_000 },
  ]);
  expect(too).toEqual(heard);
});
