/**
 * The rule of all rules: nothing is committed past a record that is neither stored nor skipped.
 * Batches are small and many, and the store takes its time with each, so that a later one may well
 * be answered first.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Kafka } from "../../../../pipeline/kafka/port.ts";
import {
  failed,
  retriable,
  type Sink,
  type SinkWrite,
  type WriteResult,
} from "../../../../pipeline/sinks/sink.ts";
import { aggregate } from "../../sinks/sample-writes.ts";
import { oneBatchAFetch, publishBatches } from "./small-fetches.ts";
import { createTaskBench, deadLetterTopic, jobConfig, type TaskBench } from "./task-bench.ts";

const fates = ["good", "poison", "refused", "blocked", "unknown", "recovers"] as const;

type Fate = (typeof fates)[number];

const error = new Error("planted");

/** What the store says to a record of this fate at its n-th attempt; undefined: ask the store. */
function answerTo(fate: Fate, attempt: number): WriteResult | undefined {
  if (fate === "refused") return failed(error);
  if (fate === "blocked") return retriable(error, { definite: true });
  if (fate === "unknown") return retriable(error);
  return fate === "recovers" && attempt === 0 ? retriable(error) : undefined;
}

/** The fate of a record is in its device's name, as in `refused-3`. */
const fateOf = ({ id }: SinkWrite): Fate => String(id[0]).split("-")[0] as Fate;

/** What the topic holds, by batch, and how long the store takes for its n-th answer (virtual ms). */
type Case = {
  readonly policy: string;
  readonly tolerance: string;
  readonly batches: readonly (readonly Fate[])[];
  readonly latenciesMs: readonly number[];
};

const cases: fc.Arbitrary<Case> = fc.record({
  policy: fc.constantFrom("RETRY", "NOOP", "THROW"),
  tolerance: fc.constantFrom("none", "all"),
  batches: fc.array(
    fc.array(
      fc.oneof({ weight: 6, arbitrary: fc.constant("good" as Fate) }, fc.constantFrom(...fates)),
      { minLength: 1, maxLength: 4 },
    ),
    { minLength: 1, maxLength: 6 },
  ),
  latenciesMs: fc.array(fc.constantFrom(0, 10, 300, 1_500), { minLength: 8, maxLength: 8 }),
});

const planted =
  ({ latenciesMs }: Case, { clock }: TaskBench) =>
  (sink: Sink): Sink => {
    const attempts = new Map<string, number>();
    let calls = 0;
    return {
      ...sink,
      write: async (batch, signal) => {
        const latencyMs = latenciesMs[calls++ % latenciesMs.length]!;
        await clock.sleep(latencyMs, signal).catch(() => {}); // given up: the store's own affair
        const isReal = (write: SinkWrite): boolean => answerTo(fateOf(write), 1) === undefined;
        const rest = (await sink.write(batch.filter(isReal), signal)).values();
        return batch.map((write) => {
          const name = String(write.id[0]);
          const attempt = attempts.get(name) ?? 0;
          attempts.set(name, attempt + 1);
          const real = isReal(write) ? rest.next().value! : undefined;
          return answerTo(fateOf(write), attempt) ?? real!;
        });
      },
    };
  };

/** Runs a task over the whole topic, and expects of it what must hold whatever fails. */
async function expectRules(given: Case, wrapKafka: (kafka: Kafka) => Kafka): Promise<void> {
  const bench = createTaskBench(1);
  const all = given.batches.flat();
  const names = all.map((fate, at) => `${fate}-${at}`);
  const values = names.map((name) =>
    name.startsWith("poison") ? "poison" : aggregate(name, 0, 1),
  );
  const rest = [...values];
  await publishBatches(
    bench,
    given.batches.map(({ length }) => rest.splice(0, length)),
  );
  const task = bench.start({
    wrap: planted(given, bench),
    wrapKafka,
    config: jobConfig({
      "connect.elastic.error.policy": given.policy,
      "connect.elastic.max.retries": 1,
      "errors.tolerance": given.tolerance,
      "errors.deadletterqueue.topic.name": deadLetterTopic,
    }),
  });
  await bench.clock.advance(40_000);
  task.stop();
  const ending = task.ended.then(
    () => undefined,
    (failure: { record: { offset: number } }) => failure.record.offset,
  );
  const failedAt = await bench.clock.runUntil(ending, 20_000);
  const committed = await bench.committed(0);
  const stored = new Set(Object.keys(bench.stored()).map((key) => key.split("@")[0]));
  const letters = await bench.deadLetters();
  const dead = letters.map(({ headers }) => Number(headers["__connect.errors.offset"]));
  for (const [at, name] of names.entries()) {
    const isResolved = stored.has(name) || dead.includes(at);
    if (at < committed) expect(isResolved).toBe(true);
    expect(stored.has(name) && dead.includes(at)).toBe(false);
  }
  if (failedAt === undefined) expect(committed).toBe(all.length);
  else expect(dead.every((offset) => offset < failedAt)).toBe(true); // nothing after it is skipped
  if (given.policy === "NOOP") expect(failedAt).toBe(undefined);
  expect(new Set(dead).size).toBe(dead.length);
  expect(task.meter).toMatchObject({ skipped: dead.length, active: 0 });
}

test("whatever fails, wherever, under whichever policy, and whichever batch is answered first", async () => {
  const property = fc.asyncProperty(cases, (given) => expectRules(given, oneBatchAFetch));
  await fc.assert(property, { numRuns: 120 });
});

/** As a consumer that commits by itself: what was fetched is done. */
function committingWhatIsFetched(kafka: Kafka): Kafka {
  const narrow = oneBatchAFetch(kafka);
  let position = 0;
  return {
    ...narrow,
    log: {
      ...narrow.log,
      fetch: (request, signal) => {
        position = request.positions.get(0)!;
        return narrow.log.fetch(request, signal);
      },
    },
    groups: {
      ...kafka.groups,
      commit: (assignment, offsets) =>
        kafka.groups.commit(
          assignment,
          offsets.map((one) => ({ ...one, offset: position })),
        ),
    },
  };
}

test("a task that commits what it has fetched is caught", async () => {
  const property = fc.asyncProperty(cases, (given) => expectRules(given, committingWhatIsFetched));
  expect(await fc.check(property, { numRuns: 120 })).toMatchObject({ failed: true });
});
