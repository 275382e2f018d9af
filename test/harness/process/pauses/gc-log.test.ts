import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseGcLog, readGcPauses } from "../../../../harness/process/pauses/gc-log.ts";
import { temporaryFolder } from "../fixture.ts";

/** As Kafka 4.1.1 wrote it here: `-Xlog:gc:…:time`, G1, JDK 17. */
const kafka = `[2026-11-23T11:36:44.291+0000] Using G1
[2026-11-23T11:36:48.670+0000] GC(6) Pause Young (Concurrent Start) (Metadata GC Threshold) 37M->24M(512M) 6.528ms
[2026-11-23T11:36:48.671+0000] GC(7) Concurrent Mark Cycle
[2026-11-23T11:36:48.698+0000] GC(7) Pause Remark 26M->26M(512M) 4.283ms
[2026-11-23T11:36:48.705+0000] GC(7) Pause Cleanup 26M->26M(512M) 0.052ms
[2026-11-23T11:36:48.722+0000] GC(7) Concurrent Mark Cycle 51.341ms
`;

/** Elasticsearch 8.19.16, by its own jvm.options. */
const elasticsearch = `[2026-11-23T11:21:45.026+0000][2674][info][gc,start    ] GC(0) Pause Young (Normal) (G1 Evacuation Pause)
[2026-11-23T11:21:45.034+0000][2674][info][gc,phases   ] GC(0)   Pre Evacuate Collection Set: 0.0ms
[2026-11-23T11:21:45.034+0000][2674][info][gc,phases   ] GC(0)   Evacuate Collection Set: 7.1ms
[2026-11-23T11:21:45.034+0000][2674][info ][gc          ] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 48M->5M(1024M) 7.859ms
[2026-11-23T11:21:45.619+0000][2674][info ][gc          ] GC(1) Pause Young (Concurrent Start) (Metadata GC Threshold) 19M->7M(1024M) 9.373ms
[2026-11-23T11:21:45.627+0000][2674][info ][gc,start    ] GC(2) Pause Remark
[2026-11-23T11:21:45.633+0000][2674][info ][gc          ] GC(2) Pause Remark 8M->8M(1024M) 5.579ms
[2026-11-23T11:21:45.633+0000][2674][info ][safepoint   ] Safepoint "G1PauseRemark", Time since last: 7903674 ns, Reaching safepoint: 86339 ns, Cleanup: 5608 ns, At safepoint: 5629822 ns, Total: 5721769 ns
[2026-11-23T11:21:45.633+0000][2674][info ][gc,marking  ] GC(2) Concurrent Mark 10.639ms
[2026-11-23T11:21:45.643+0000][2674][info ][gc          ] GC(2) Pause Cleanup 8M->8M(1024M) 0.056ms
[2026-11-23T11:21:45.647+0000][2674][info ][gc          ] GC(2) Concurrent Mark Cycle 27.601ms
`;

/** Cassandra 5.0.8: flags as Kafka's. */
const cassandra = `[2026-11-23T11:36:57.587+0000] GC(10) Pause Young (Concurrent Start) (Metadata GC Threshold) 97M->65M(519M) 25.923ms
[2026-11-23T11:36:57.587+0000] GC(11) Concurrent Mark Cycle
[2026-11-23T11:36:57.659+0000] GC(11) Pause Remark 73M->51M(512M) 9.221ms
[2026-11-23T11:36:57.691+0000] GC(11) Pause Cleanup 52M->52M(512M) 0.839ms
[2026-11-23T11:36:57.692+0000] GC(11) Concurrent Mark Cycle 105.355ms
`;

const figures = (count: number, totalMs: number, maxMs: number) => ({
  count,
  totalMs: expect.closeTo(totalMs, 6),
  maxMs,
});

test.each([
  ["Kafka", kafka, { minor: figures(1, 6.528, 6.528), other: figures(2, 4.335, 4.283) }],
  [
    "Elasticsearch",
    elasticsearch,
    { minor: figures(2, 17.232, 9.373), other: figures(2, 5.635, 5.579) },
  ],
  ["Cassandra", cassandra, { minor: figures(1, 25.923, 25.923), other: figures(2, 10.06, 9.221) }],
])(
  "of %s's log the stops of all threads count, each once, and concurrent work does not",
  (_, text, pauses) => {
    expect(parseGcLog(text, 0)).toEqual(pauses);
  },
);

test("a full collection is a major one", () => {
  const full =
    "[2026-11-23T11:36:57.587+0000] GC(3) Pause Full (G1 Compaction Pause) 500M->480M(512M) 812.5ms";
  expect(parseGcLog(full, 0)).toEqual({ major: { count: 1, totalMs: 812.5, maxMs: 812.5 } });
});

test("what was before the moment asked for does not count, whatever the time zone", () => {
  const fromMs = Date.UTC(2026, 10, 23, 11, 36, 48, 698);
  expect(parseGcLog(kafka, fromMs)).toEqual({ other: figures(2, 4.335, 4.283) });
  const elsewhere = kafka.replaceAll("T11:", "T06:").replaceAll("+0000", "-0500");
  expect(parseGcLog(elsewhere, fromMs)).toEqual({ other: figures(2, 4.335, 4.283) });
});

test("a line that was cut off, or is something else, counts nothing", () => {
  const text = `${kafka.slice(0, -5)}\nGC(8) Pause Young 9.9ms\n[noon] GC(9) Pause Young 1M 9.9ms\n`;
  expect(parseGcLog(text, 0)).toEqual(parseGcLog(kafka, 0));
});

test("a log that the JVM has put aside belongs to it; a neighbour does not", () => {
  const folder = temporaryFolder();
  const file = join(folder, "gc.log");
  writeFileSync(file, kafka);
  writeFileSync(`${file}.0`, cassandra);
  writeFileSync(`${file}.old`, cassandra);
  writeFileSync(join(folder, "other-gc.log"), cassandra);
  expect(readGcPauses(file, 0).gcPauseMs).toMatchObject({ count: 6, max: 25.923 });
  utimesSync(`${file}.0`, 1, 1);
  expect(readGcPauses(file, 3_000).gcPauseMs).toMatchObject({ count: 3, max: 6.528 });
});

test("no pause in a log is zero of them; no log, or none that can be read, is not measured", () => {
  const folder = temporaryFolder();
  expect(readGcPauses(join(folder, "gc.log"), 0)).toEqual({});
  expect(readGcPauses(join(folder, "nowhere", "gc.log"), 0)).toEqual({});
  writeFileSync(join(folder, "gc.log"), "");
  const none = { count: 0, total: 0, max: 0, kinds: {} };
  expect(readGcPauses(join(folder, "gc.log"), 0)).toEqual({ gcPauseMs: none });
  mkdirSync(join(folder, "folder.log"));
  expect(readGcPauses(join(folder, "folder.log"), 0)).toEqual({});
});
