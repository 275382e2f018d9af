import { expect, test } from "vitest";
import type { Progress } from "../../../pipeline/aggregator/progress.ts";
import { type AggregatorPoint, aggregatorPoints } from "../../../pipeline/crash-points.ts";
import { type Kafka, KafkaError } from "../../../pipeline/kafka/port.ts";
import type { Logger } from "../../../pipeline/logger.ts";
import { createWorld, smallFleet, type World } from "./aggregator-world.ts";

const fleet = smallFleet();
/** Slower than a commit, so that a run has many transactions. */
const feedEveryMs = 110;
const settings = { checkpointEvery: 500 };

type Output = { readonly aggregated: string[][]; readonly rejected: string[][] };

async function output(world: World): Promise<Output> {
  const { topics } = world.config;
  return {
    aggregated: await world.content(topics.aggregated),
    rejected: await world.content(topics.rejected),
  };
}

/** A run without any fault: what every other run must equal to the byte. */
async function undisturbed(): Promise<{ output: Output; progress: Progress }> {
  const world = createWorld(settings);
  let progress: Progress | undefined;
  const instance = world.start(0, {
    onProgress: (now) => {
      progress = now;
    },
  });
  await world.run(world.feed(fleet, feedEveryMs));
  await world.run(world.drained());
  instance.stop();
  await world.run(instance.done);
  const found = await world.run(output(world));
  world.close();
  return { output: found, progress: progress! };
}

const expected = await undisturbed();

test("every raw offset is folded, a duplicate or rejected, and rejections say why", () => {
  const { progress, output } = expected;
  const raw = fleet.reduce((sum, { records }) => sum + records.length, 0);
  const rejected = Object.values(progress.rejected).reduce((a, b) => a + b, 0);
  expect(progress.folded + progress.duplicate + rejected).toBe(raw);
  expect(output.rejected.flat()).toHaveLength(rejected);
  expect(progress.rejected).toMatchObject({
    malformed: 1,
    future: 1,
    "wrong-partition": 0,
    span: 0,
  });
  expect(progress.rejected.late).toBeGreaterThan(0);
  expect(progress.duplicate).toBeGreaterThan(0);
  expect(output.aggregated.flat()).toHaveLength(progress.emitted);
  expect(output.rejected.flat().find((record) => record.includes("malformed"))).toMatch(
    /^t-0 not a reading \{reason=malformed,source.topic=raw,source.partition=\d,source.offset=\d+\}$/,
  );
});

test("the last line of the log sums the life up, whether or not anybody watched", async () => {
  const world = createWorld(settings);
  const totals: unknown[] = [];
  const quiet = (): void => undefined;
  const info: Logger["info"] = (fields) => totals.push(fields["progress"]);
  const instance = world.start(0, { log: { debug: quiet, info, warn: quiet, error: quiet } });
  await world.run(world.feed(fleet, feedEveryMs));
  await world.run(world.drained());
  instance.stop();
  await world.run(instance.done);
  const { folded, duplicate, rejected } = expected.progress;
  expect(totals.at(-1)).toMatchObject({ folded, duplicate, rejected });
  world.close();
});

test("revisions of a window strictly rise in the topic", () => {
  const last = new Map<string, number>();
  let revised = 0;
  for (const record of expected.output.aggregated.flat()) {
    const { device, window, revision } = JSON.parse(record.slice(record.indexOf("{"), -3));
    const before = last.get(`${device.id} ${window.start}`);
    if (before !== undefined) revised++;
    expect(revision).toBeGreaterThan(before ?? 0);
    last.set(`${device.id} ${window.start}`, revision);
  }
  expect(revised).toBeGreaterThan(0);
});

/** Notes the partitions of every assignment. */
function logOf(assigned: unknown[]): Logger {
  const quiet = (): void => undefined;
  const info: Logger["info"] = (fields, message) => {
    if (message === "partitions assigned") assigned.push(fields["partitions"]);
  };
  return { debug: quiet, info, warn: quiet, error: quiet };
}

test("checkpoints are as far apart as the file says", () => {
  const times = (fleet.length * feedEveryMs) / settings.checkpointEvery;
  const most = 2 * Math.ceil(times + 2);
  expect(expected.progress.checkpoints).toBeGreaterThan(times);
  expect(expected.progress.checkpoints).toBeLessThanOrEqual(most);
});

/** Passed once in a life, or nearly so. */
const rare: ReadonlySet<AggregatorPoint> = new Set([
  "after-assign",
  "after-recover",
  "before-checkpoint",
  "after-checkpoint",
]);

for (const point of aggregatorPoints) {
  test(`a crash at ${point}, again and again, changes no byte of the output`, async () => {
    const world = createWorld(settings);
    const feeding = world.feed(fleet, feedEveryMs);
    let crashes = 0;
    // A little later each time, so that the process dies with ever more behind it.
    for (let life = 0; life < 6; life++) {
      let left = rare.has(point) ? 0 : life;
      const crashPoint = (name: AggregatorPoint): void => {
        if (name === point && left-- <= 0) throw new Error("killed");
      };
      const instance = world.start(0, { crashPoint });
      await world.run(
        Promise.race([instance.done, world.clock.sleep(2_000)]).catch(() => crashes++),
      );
      // Dead: it leaves no group and ends no transaction.
      await instance.client.close();
    }
    expect(crashes).toBeGreaterThan(3);
    const survivor = world.start(0);
    await world.run(feeding);
    await world.run(world.drained());
    survivor.stop();
    await world.run(survivor.done);
    expect(await world.run(output(world))).toEqual(expected.output);
    world.close();
  });
}

test("an instance that is stopped cleanly any number of times changes no byte of the output", async () => {
  const world = createWorld(settings);
  const feeding = world.feed(fleet, feedEveryMs);
  for (let life = 0; life < 8; life++) {
    const instance = world.start(0);
    await world.run(world.clock.sleep(130 + life * 40));
    instance.stop();
    await world.run(instance.done);
  }
  const last = world.start(0);
  await world.run(feeding);
  await world.run(world.drained());
  last.stop();
  await world.run(last.done);
  expect(await world.run(output(world))).toEqual(expected.output);
  world.close();
});

test("two instances hand partitions over to each other and change no byte of the output", async () => {
  const world = createWorld(settings);
  const feeding = world.feed(fleet, feedEveryMs);
  const first = world.start(0);
  await world.run(world.clock.sleep(400));
  let ready = false;
  const second = world.start(1, {
    onReady: () => {
      ready = true;
    },
  });
  await world.run(world.clock.sleep(10_000));
  expect(ready).toBe(true);
  first.stop();
  await world.run(first.done);
  const third = world.start(0);
  await world.run(feeding);
  await world.run(world.drained());
  for (const instance of [second, third]) instance.stop();
  await world.run(Promise.all([second.done, third.done]));
  expect(await world.run(output(world))).toEqual(expected.output);
  world.close();
});

test("an instance that sleeps past its session is fenced, and its return changes no byte", async () => {
  const world = createWorld(settings);
  const feeding = world.feed(fleet, feedEveryMs);
  const assigned: unknown[] = [];
  const sleeper = world.start(0);
  const other = world.start(1, { log: logOf(assigned) });
  await world.run(world.clock.sleep(500));
  sleeper.client.hold();
  await world.run(world.clock.sleep(40_000));
  expect(assigned.at(-1)).toEqual([0, 1]);
  sleeper.client.release();
  await world.run(feeding);
  await world.run(world.drained());
  for (const instance of [sleeper, other]) instance.stop();
  await world.run(Promise.all([sleeper.done, other.done]));
  expect(await world.run(output(world))).toEqual(expected.output);
  world.close();
});

/** Every third commit, or every seventh send (a transaction has up to six), fails: with a broker that surely did nothing, or that did it all and did not say so. */
function unreliable(kafka: Kafka, step: "send" | "commit", done: boolean): Kafka {
  let count = 0;
  const failure = new KafkaError("unavailable", "no answer", { definite: !done });
  const open: Kafka["transactions"]["open"] = async (...args) => {
    const producer = await kafka.transactions.open(...args);
    const failing =
      <Args extends unknown[]>(act: (...args: Args) => Promise<void>) =>
      async (...args: Args): Promise<void> => {
        const fails = ++count % (step === "commit" ? 3 : 7) === 0;
        if (!fails || done) await act(...args);
        if (fails) throw failure;
      };
    return { ...producer, [step]: failing<never[]>(producer[step] as () => Promise<void>) };
  };
  return { ...kafka, transactions: { open } };
}

for (const step of ["send", "commit"] as const) {
  for (const done of [false, true]) {
    const outcome = done ? "was done but not confirmed" : "was not done";
    test(`a ${step} that ${outcome} rolls the state back and changes no byte of the output`, async () => {
      const world = createWorld(settings);
      const kafka = unreliable(world.broker.connect("unreliable"), step, done);
      let recoveries = 0;
      const onProgress = (progress: Progress): void => {
        recoveries = progress.recoveries;
      };
      const instance = world.start(0, { kafka, onProgress });
      await world.run(world.feed(fleet, feedEveryMs));
      await world.run(world.drained());
      instance.stop();
      await world.run(instance.done);
      expect(recoveries).toBeGreaterThan(2);
      expect(await world.run(output(world))).toEqual(expected.output);
      world.close();
    });
  }
}
