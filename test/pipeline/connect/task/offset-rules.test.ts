/** The rule of all rules: nothing is committed past a record that is neither stored nor skipped. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  failed,
  retriable,
  type Sink,
  type SinkWrite,
  type WriteResult,
} from "../../../../pipeline/sinks/sink.ts";
import { aggregate } from "../../sinks/sample-writes.ts";
import { createTaskBench, deadLetterTopic, jobConfig } from "./task-bench.ts";

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

function planted(sink: Sink): Sink {
  const attempts = new Map<string, number>();
  return {
    ...sink,
    write: async (batch, signal) => {
      const results = await sink.write(
        batch.filter((write) => answerTo(fateOf(write), 1) === undefined),
        signal,
      );
      const rest = results.values();
      return batch.map((write) => {
        const name = String(write.id[0]);
        const attempt = attempts.get(name) ?? 0;
        attempts.set(name, attempt + 1);
        const real = answerTo(fateOf(write), 1) === undefined ? rest.next().value! : undefined;
        return answerTo(fateOf(write), attempt) ?? real!;
      });
    },
  };
}

test("whatever fails, wherever, under whichever policy", async () => {
  const policy = fc.constantFrom("RETRY", "NOOP", "THROW");
  const tolerance = fc.constantFrom("none", "all");
  const records = fc.array(
    fc.oneof({ weight: 4, arbitrary: fc.constant("good" as Fate) }, fc.constantFrom(...fates)),
    { minLength: 1, maxLength: 12 },
  );
  const property = fc.asyncProperty(policy, tolerance, records, async (policy, tolerance, all) => {
    const bench = createTaskBench(1);
    const names = all.map((fate, at) => `${fate}-${at}`);
    await bench.publish(
      0,
      all.map((fate, at) => (fate === "poison" ? "poison" : aggregate(names[at]!, 0, 1))),
    );
    const task = bench.start({
      wrap: planted,
      config: jobConfig({
        "connect.elastic.error.policy": policy,
        "connect.elastic.max.retries": 1,
        "errors.tolerance": tolerance,
        "errors.deadletterqueue.topic.name": deadLetterTopic,
      }),
    });
    await bench.clock.advance(20_000);
    task.stop();
    const ending = task.ended.then(
      () => "stopped",
      () => "failed",
    );
    const end = await bench.clock.runUntil(ending, 20_000);
    const committed = await bench.committed(0);
    const stored = new Set(Object.keys(bench.stored()).map((key) => key.split("@")[0]));
    const letters = await bench.deadLetters();
    const dead = letters.map(({ headers }) => Number(headers["__connect.errors.offset"]));
    for (const [at, name] of names.entries()) {
      const isResolved = stored.has(name) || dead.includes(at);
      if (at < committed) expect(isResolved).toBe(true);
      expect(stored.has(name) && dead.includes(at)).toBe(false);
    }
    if (end === "stopped") expect(committed).toBe(all.length + 1); // the marker takes an offset, too
    if (policy === "NOOP") expect(end).toBe("stopped");
    expect(new Set(dead).size).toBe(dead.length);
    expect(task.meter.skipped).toBe(dead.length);
  });
  await fc.assert(property, { numRuns: 60 });
});
