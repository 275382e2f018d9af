/** The promises of a sink, checked on any store: the in-memory ones and the real ones run this suite. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../pipeline/clock.ts";
import type { Sink, SinkWrite, WriteResult } from "../../../pipeline/sinks/sink.ts";
import { aggregate, writeOf } from "./sample-writes.ts";
import type { SinkFixture, StoredRow } from "./sink-fixture.ts";

/** A driver reconnects after a second or two. */
const recoveryMs = 30_000;

const never = new AbortController().signal;

export function sinkContract(name: string, createFixture: () => Promise<SinkFixture>): void {
  describe(name, () => {
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

    // The tests share one index or table: each has devices of its own in it.
    const own = (device: string): string => `${tests}/${device}`;
    const write = (device: string, nth: number, revision: number): SinkWrite =>
      writeOf(fixture.statement, aggregate(own(device), nth, revision));
    const put = async (...batch: SinkWrite[]): Promise<WriteResult["kind"][]> =>
      (await sink.write(batch, never)).map(({ kind }) => kind);
    const rows = async (): Promise<Map<string, StoredRow>> => {
      const found = [...(await fixture.read())].filter(([key]) => key.startsWith(own("")));
      return new Map(found.map(([key, row]) => [key.slice(own("").length), row]));
    };
    const counts = async (): Promise<Record<string, number>> =>
      Object.fromEntries([...(await rows())].map(([key, { count }]) => [key, count]));
    const old = (): WriteResult["kind"] => (fixture.tellsNotNewer ? "not-newer" : "stored");

    test("a write is stored with all its values", async () => {
      expect(await put(write("t-0000042", 0, 30))).toEqual(["stored"]);
      expect((await rows()).get("t-0000042@1768435200000")).toEqual({
        device: own("t-0000042"),
        start: 1768435200000,
        count: 30,
        sum: 59190,
        mean: 19.730333333333334,
        digest: "4048969ebe7149d4",
        home: `home of ${own("t-0000042")}`,
        place: fixture.placeOf("2026-01-15"),
      });
    });

    test("a newer version replaces an older one", async () => {
      await put(write("a", 0, 29));
      expect(await put(write("a", 0, 30))).toEqual(["stored"]);
      expect(await counts()).toEqual({ "a@1768435200000": 30 });
    });

    test("an older version changes nothing and is done", async () => {
      await put(write("a", 0, 30));
      expect(await put(write("a", 0, 29))).toEqual([old()]);
      expect(await counts()).toEqual({ "a@1768435200000": 30 });
    });

    test("an equal version changes nothing and is done", async () => {
      await put(write("a", 0, 30));
      const before = await rows();
      expect(await put(write("a", 0, 30))).toEqual([old()]);
      expect(await rows()).toEqual(before);
    });

    test("of two versions in one batch the newer stays, in either order", async () => {
      const batch = [write("a", 0, 29), write("a", 0, 30), write("b", 0, 30), write("b", 0, 29)];
      for (const kind of await put(...batch)) expect(["stored", "not-newer"]).toContain(kind);
      expect(await counts()).toEqual({ "a@1768435200000": 30, "b@1768435200000": 30 });
    });

    test("every write of a large batch gets its own result", async () => {
      const devices = Array.from({ length: 30 }, (_, at) => `t-${at}`);
      const batch = devices.flatMap((device) =>
        Array.from({ length: 70 }, (_, nth) => write(device, nth, 1)),
      );
      const results = await put(...batch);
      expect(results).toEqual(batch.map(() => "stored"));
      expect((await rows()).size).toBe(2_100);
    });

    test("one refused write among good ones is reported by its position", async () => {
      const bad = writeOf(fixture.statement, aggregate(own("a"), 1, 30), (json) =>
        json.replace('"count":30', '"count":"many"'),
      );
      const results = await put(write("a", 0, 30), bad, write("a", 2, 30));
      expect(results).toEqual(["stored", "failed", "stored"]);
      expect(Object.keys(await counts())).toHaveLength(2);
    });

    test("the place follows from event time, across midnight", async () => {
      await put(write("a", -1, 1), write("a", 0, 1));
      const stored = await rows();
      expect(stored.get("a@1768434900000")?.place).toBe(fixture.placeOf("2026-01-14"));
      expect(stored.get("a@1768435200000")?.place).toBe(fixture.placeOf("2026-01-15"));
    });

    test("a missing field is left out, not written as null", async () => {
      const without = writeOf(fixture.statement, aggregate(own("a"), 0, 30), (json) =>
        json.replace(/"home":"[^"]*",/, ""),
      );
      await put(without);
      expect((await rows()).get("a@1768435200000")?.home).toBeUndefined();
    });

    test("a replay of everything leaves the store as it is", async () => {
      const log = [write("a", 0, 28), write("b", 0, 30), write("a", 0, 30), write("a", 1, 30)];
      await put(...log);
      const before = await rows();
      for (const one of log) await put(one);
      await put(...log);
      expect(await rows()).toEqual(before);
    });

    test("an outage makes writes retriable; written again after it, they are stored", async () => {
      const batch = [write("a", 0, 30), write("b", 0, 30)];
      fixture.fault("down");
      expect(await put(...batch)).toEqual(["retriable", "retriable"]);
      fixture.fault(undefined);
      await storeAll(sink, batch);
      expect(Object.keys(await counts())).toHaveLength(2);
    });

    test("a store that does not answer is given up on when the signal says so", async () => {
      fixture.fault("hanging");
      const signal = AbortSignal.timeout(200);
      const results = await sink.write([write("a", 0, 30), write("b", 0, 30)], signal);
      expect(results.map(({ kind }) => kind)).toEqual(["retriable", "retriable"]);
    });

    test("opening once more, elsewhere, disturbs nothing", async () => {
      await put(write("a", 0, 30));
      const other = fixture.createSink();
      await other.open(never);
      await other.write([write("a", 1, 30)], never);
      await other.close();
      expect(Object.keys(await counts())).toHaveLength(2);
    });

    test("a store that is down cannot be opened, for now", async () => {
      fixture.fault("down");
      const other = fixture.createSink();
      await expect(other.open(never)).rejects.toMatchObject({ code: "unavailable" });
      await other.close();
    });

    test("closing leaves no connection open", async () => {
      await put(write("a", 0, 30));
      await sink.close();
      await expect.poll(() => fixture.connections(), { timeout: 5_000 }).toBe(0);
    });
  });
}

/** Writes until all is done, as a job does. */
async function storeAll(sink: Sink, batch: readonly SinkWrite[]): Promise<void> {
  const deadline = systemClock.monotonicMs() + recoveryMs;
  let kinds: string[];
  do {
    kinds = (await sink.write(batch, never)).map(({ kind }) => kind);
    if (!kinds.includes("retriable")) break;
    await systemClock.sleep(100);
  } while (systemClock.monotonicMs() < deadline);
  expect(kinds).not.toContain("retriable");
}
