/** Data past their days go, by the job's clock, and stay gone: part of the contract of a sink. */
import { expect, test } from "vitest";
import type { RetirableIndex } from "../../../pipeline/sinks/sink.ts";
import { dayMs, midnight } from "./sample-writes.ts";
import { never, type SinkBench } from "./sink-bench.ts";
import { agingDays, type SinkTraits } from "./sink-fixture.ts";

export function agingPromises(bench: SinkBench, { aging }: SinkTraits): void {
  if (aging === "retires") retirementPromise(bench);
  else expiryPromise(bench);
}

function retirementPromise({ fixture, write, rows }: SinkBench): void {
  test("an index whose day is past is listed, retired, and not made again by a replay", async () => {
    const into = fixture().aging;
    let now = midnight;
    const sink = fixture().createSink(() => now);
    await sink.open(never);
    // What other tests wrote into other targets of the sink goes, too.
    const own = (found: readonly RetirableIndex[]) =>
      found.filter(({ index }) => index.startsWith(into.target));
    const due = async () => own(await sink.retirement!.due(never));
    const replay = async () =>
      (await sink.write([write("a", -1, 30, into), write("a", 0, 30, into)], never)).map(
        ({ kind }) => kind,
      );
    expect(await replay()).toEqual(["stored", "stored"]);
    expect(await due()).toEqual([]);

    now = midnight + agingDays * dayMs;
    const past = [{ index: `${into.target}-2026.01.14`, endMs: midnight, state: "open" }];
    expect(await due()).toEqual(past);
    expect(await rows(into)).toHaveProperty("size", 2); // A dry run only lists.
    expect(own(await sink.retirement!.retire(never))).toEqual(past);
    expect(await due()).toEqual([]);

    expect(await replay()).toEqual(["retired", "not-newer"]);
    expect([...(await rows(into)).keys()]).toEqual(["a@1768435200000"]);
    await sink.close();
  });
}

function expiryPromise({ fixture, write, rows }: SinkBench): void {
  test("a row goes when event time + TTL is past by the job's clock, a second after its write if it was", async () => {
    const into = fixture().aging;
    // A minute before the row of midnight expires; that of the window before it should be gone.
    const now = midnight + agingDays * dayMs - 60_000;
    const sink = fixture().createSink(() => now);
    await sink.open(never);
    const results = await sink.write([write("a", -1, 30, into), write("a", 0, 30, into)], never);
    expect(results.map(({ kind }) => kind)).toEqual(["stored", "stored"]);
    await expect
      .poll(async () => [...(await rows(into)).keys()], { timeout: 10_000 })
      .toEqual(["a@1768435200000"]);
    await sink.close();
  });
}
