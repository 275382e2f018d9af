/** While Kafka is away a worker waits; what it has to say is one word a key, and is said then. */
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../../harness/simulation/memory-clock.ts";
import { createStatusPublisher } from "../../../../pipeline/connect/worker/status-publisher.ts";
import { config, createWorkerBench, seed } from "./worker-bench.ts";

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

test("only the newest word on a key is sent once sending works again", async () => {
  const clock = createVirtualClock(0);
  const sent: string[] = [];
  let away = true;
  const publisher = createStatusPublisher({
    clock,
    log,
    put: async (key, value) => {
      if (away) throw new Error("nobody answers");
      sent.push(`${key} ${JSON.stringify(value)}`);
    },
  });
  for (let at = 0; at < 5; at++) {
    publisher.say("a", { at });
    publisher.say("b", null);
    await clock.advance(1_000);
  }
  away = false;
  await clock.advance(10_000);
  expect(sent.sort()).toEqual(['a {"at":4}', "b null"]);
  await publisher.close();
});

test("the last words take seconds at most", async () => {
  const clock = createVirtualClock(0);
  const never = () => new Promise<never>(() => {});
  const publisher = createStatusPublisher({ clock, log, put: never });
  publisher.say("a", {});
  await clock.runUntil(publisher.close(), 3_001);
});

test("a worker that was held up for half a minute is missed, and is back when it goes on", async () => {
  const bench = createWorkerBench();
  const own = bench.open({ group: "own", seeds: [seed("job", config("temps"))] });
  const other = bench.open({ group: "other" });
  await bench.run(Promise.all([own.started, other.started]));
  const state = () => other.herder.status("job").tasks[0]?.state;
  await bench.until("it runs", () => state() === "RUNNING");
  own.client.hold();
  await bench.until("it is missed", () => state() === "UNASSIGNED");
  await bench.publish(["a"]);
  await bench.clock.advance(30_000);
  own.client.release();
  await bench.until("it is back", () => state() === "RUNNING");
  await bench.until("it is stored", () => bench.stored().length === 1);
});
