/** What the promises of a sink are tried on: one sink on one store, and writes that only this test makes. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { systemClock } from "../../../pipeline/clock.ts";
import type { Statement } from "../../../pipeline/kcql/statement.ts";
import type { Sink, SinkWrite, WriteResult } from "../../../pipeline/sinks/sink.ts";
import { aggregate, tombstoneOf, writeOf } from "./sample-writes.ts";
import type { SinkFixture, SinkTraits, StoredRow } from "./sink-fixture.ts";

/** A driver reconnects after a second or two. */
const recoveryMs = 30_000;

/** A signal that nobody aborts. */
export const never = new AbortController().signal;

type Kind = WriteResult["kind"];

export type SinkBench = {
  readonly fixture: () => SinkFixture;
  /** Open, and closed after the test. */
  readonly sink: () => Sink;
  /** The device's name in this test: the tests share one index or table. */
  readonly own: (device: string) => string;
  /** Of the device's n-th window after midnight. */
  readonly write: (device: string, nth: number, revision: number, into?: Statement) => SinkWrite;
  readonly tombstone: (device: string, nth: number, revision: number) => SinkWrite;
  readonly put: (...batch: SinkWrite[]) => Promise<Kind[]>;
  /** Writes until nothing is left to be written again, as a job does. */
  readonly putAll: (batch: readonly SinkWrite[]) => Promise<void>;
  /** What this test has stored, by `device@start`. */
  readonly rows: (from?: Statement) => Promise<ReadonlyMap<string, StoredRow>>;
  /** Only the counts of that. */
  readonly counts: (from?: Statement) => Promise<Record<string, number>>;
  /** How the store answers a version that it has, or an older one. */
  readonly old: Kind;
};

/** Declares the hooks: to be called within a `describe`. */
export function sinkBench(
  createFixture: () => Promise<SinkFixture>,
  { tellsNotNewer }: SinkTraits,
): SinkBench {
  let fixture: SinkFixture;
  let sink: Sink;
  let tests = 0;

  beforeAll(async () => {
    fixture = await createFixture();
  });

  afterAll(async () => {
    await fixture.close();
  });

  beforeEach(async () => {
    tests++;
    sink = fixture.createSink();
    await sink.open(never);
  });

  afterEach(async () => {
    fixture.fault(undefined);
    await sink.close();
  });

  const own = (device: string): string => `${tests}/${device}`;
  const put = async (...batch: SinkWrite[]): Promise<Kind[]> =>
    (await sink.write(batch, never)).map(({ kind }) => kind);
  const rows = async (from = fixture.statement): Promise<ReadonlyMap<string, StoredRow>> => {
    const found = [...(await fixture.read(from))].filter(([key]) => key.startsWith(own("")));
    return new Map(found.map(([key, row]) => [key.slice(own("").length), row]));
  };
  return {
    fixture: () => fixture,
    sink: () => sink,
    own,
    write: (device, nth, revision, into = fixture.statement) =>
      writeOf(into, aggregate(own(device), nth, revision)),
    tombstone: (device, nth, revision) =>
      tombstoneOf(fixture.statement, aggregate(own(device), nth, revision)),
    put,
    putAll: async (batch) => {
      const deadline = systemClock.monotonicMs() + recoveryMs;
      let kinds: readonly Kind[];
      do {
        kinds = await put(...batch);
        if (!kinds.includes("retriable")) break;
        await systemClock.sleep(100);
      } while (systemClock.monotonicMs() < deadline);
      expect(kinds).not.toContain("retriable");
    },
    rows,
    counts: async (from) =>
      Object.fromEntries([...(await rows(from))].map(([key, { count }]) => [key, count])),
    old: tellsNotNewer ? "not-newer" : "stored",
  };
}
