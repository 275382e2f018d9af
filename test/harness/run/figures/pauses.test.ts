import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { meterPauses } from "../../../../harness/run/figures/pauses.ts";
import type { RunningStack } from "../../../../harness/stack/running-stack.ts";
import { systemClock as clock } from "../../../../simulator/clock.ts";
import { temporaryFolder, until } from "../../process/fixture.ts";
import { paused } from "../../report/summary-fixture.ts";

const line = (at: number, ms: number): string =>
  `[${new Date(at).toISOString().replace("Z", "+0000")}] GC(1) Pause Young (Normal) 9M->8M(9M) ${ms}ms\n`;

test("children, servers and harness are told by name; of a kept stack what was before is left out", async () => {
  const folder = temporaryFolder();
  const gcLog = join(folder, "gc.log");
  const begun = clock.now();
  // Without a log of its own: a stack that an older version has started.
  const stack = { kafka: { gcLog }, elasticsearch: { gcLog: join(folder, "none") }, cassandra: {} };
  const slots = { pauses: () => ({ "aggregator-0": paused, "simulator-0": {} }) };
  using run = meterPauses({ stack: stack as unknown as RunningStack, clock }, slots);
  writeFileSync(gcLog, line(begun - 60_000, 99) + line(begun + 60_000, 7.5));
  await until(() => run.read()["harness"]?.eventLoopDelayMs !== undefined, "the harness's own");
  const seven = { count: 1, total: 7.5, max: 7.5 };
  expect(run.read()).toEqual({
    "aggregator-0": paused,
    "simulator-0": {},
    harness: { eventLoopDelayMs: expect.anything(), gcPauseMs: expect.anything() },
    kafka: { gcPauseMs: { ...seven, kinds: { minor: seven } } },
    elasticsearch: {},
    cassandra: {},
  });
});
