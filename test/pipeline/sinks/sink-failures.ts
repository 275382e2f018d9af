/** What a store refuses, and a store that is away: part of the contract of a sink. */
import { expect, test } from "vitest";
import { aggregate, writeOf } from "./sample-writes.ts";
import { never, type SinkBench } from "./sink-bench.ts";
import type { SinkTraits } from "./sink-fixture.ts";

export function failurePromises(bench: SinkBench, { tooLong }: SinkTraits): void {
  const { own, write, put, putAll, counts, fixture, sink } = bench;

  test("one refused write among good ones is reported by its position", async () => {
    const bad = writeOf(fixture().statement, aggregate(own("a"), 1, 30), (json) =>
      json.replace('"count":30', '"count":"many"'),
    );
    const results = await put(write("a", 0, 30), bad, write("a", 2, 30));
    expect(results).toEqual(["stored", "failed", "stored"]);
    expect(Object.keys(await counts())).toHaveLength(2);
  });

  test("a write that is larger than the store takes fails alone", async () => {
    const large = writeOf(fixture().statement, aggregate(own("a"), 1, 30), (json) =>
      json.replace('"home":"', `"home":"${"x".repeat(tooLong)}`),
    );
    const results = await put(write("a", 0, 30), large, write("a", 2, 30));
    expect(results).toEqual(["stored", "failed", "stored"]);
    expect(Object.keys(await counts())).toHaveLength(2);
  });

  test("while the store refuses all writes they are retriable, and surely not stored", async () => {
    const batch = [write("a", 0, 30), write("b", 0, 30)];
    await put(write("c", 0, 1));
    await fixture().refuse(true);
    try {
      for (const result of await sink().write(batch, never)) {
        expect(result).toMatchObject({ kind: "retriable", definite: true });
      }
    } finally {
      await fixture().refuse(false);
    }
    expect(await counts()).toEqual({ "c@1768435200000": 1 });
    await putAll(batch);
    expect(Object.keys(await counts())).toHaveLength(3);
  });

  test("an outage makes writes retriable; written again after it, they are stored", async () => {
    const batch = [write("a", 0, 30), write("b", 0, 30)];
    fixture().fault("down");
    for (const result of await sink().write(batch, never)) {
      expect(result).toMatchObject({ kind: "retriable", definite: false });
    }
    fixture().fault(undefined);
    await putAll(batch);
    expect(Object.keys(await counts())).toHaveLength(2);
  });

  test("a store that goes in the middle of a batch and comes back holds all of it, once", async () => {
    const batch = Array.from({ length: 2_000 }, (_, nth) =>
      write("a", nth % 200, 1 + Math.floor(nth / 200)),
    );
    const writing = sink().write(batch, never);
    fixture().fault("down");
    for (const { kind } of await writing) expect(kind).not.toBe("failed");
    fixture().fault(undefined);
    await putAll(batch);
    expect(Object.keys(await counts())).toHaveLength(200);
  });

  test("a store that does not answer is given up on when the signal says so", async () => {
    fixture().fault("hanging");
    const signal = AbortSignal.timeout(200);
    const results = await sink().write([write("a", 0, 30), write("b", 0, 30)], signal);
    expect(results.map(({ kind }) => kind)).toEqual(["retriable", "retriable"]);
  });

  test("opening once more, elsewhere, disturbs nothing", async () => {
    await put(write("a", 0, 30));
    const other = fixture().createSink();
    await other.open(never);
    await other.write([write("a", 1, 30)], never);
    await other.close();
    expect(Object.keys(await counts())).toHaveLength(2);
  });

  test("a store that is down cannot be opened, for now", async () => {
    fixture().fault("down");
    const other = fixture().createSink();
    await expect(other.open(never)).rejects.toMatchObject({ code: "unavailable" });
    await other.close();
  });

  test("closing leaves no connection open", async () => {
    await put(write("a", 0, 30));
    await sink().close();
    await expect.poll(() => fixture().connections(), { timeout: 5_000 }).toBe(0);
  });
}
