import { expect, test } from "vitest";
import { throughOutage } from "../../../harness/faults/through-outage.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

const never = new AbortController().signal;

/** In virtual time; answers from `fromMs` on. */
async function ask(fromMs: number, signal = never): Promise<unknown> {
  const clock = createVirtualClock(0);
  const work = async (): Promise<string> => {
    if (clock.monotonicMs() < fromMs) throw new Error("ECONNREFUSED");
    return "an answer";
  };
  const asking = throughOutage("the group of aggregator-0", work, { clock, signal });
  return await clock.runUntil(asking, 600_000);
}

test("what is asked while the broker is away is asked again until it answers", async () => {
  expect(await ask(0)).toBe("an answer");
  expect(await ask(25_000)).toBe("an answer");
});

test("planted: a broker that does not come back is told, with the reason", async () => {
  await expect(ask(200_000)).rejects.toMatchObject({
    code: "not-done",
    message: "the group of aggregator-0 could not be asked for 90 s: ECONNREFUSED",
  });
});

test("a run that is broken off asks no more", async () => {
  const signal = AbortSignal.abort(new Error("second Ctrl-C"));
  await expect(ask(25_000, signal)).rejects.toThrow("second Ctrl-C");
});
