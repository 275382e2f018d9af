/** What the pipeline's own doors make of each poison: nobody may take one for an aggregate or a reading. */
import { expect, test } from "vitest";
import { poisonOf } from "../../../harness/faults/poison-forms.ts";
import { poisonForms } from "../../../harness/scenario/fault-kinds/input-faults.ts";
import { emptyRawReading } from "../../../pipeline/contract/reading.ts";
import { readReading } from "../../../pipeline/contract/reading-codec.ts";
import {
  createTaskBench,
  deadLetterTopic,
  jobConfig,
} from "../../pipeline/connect/task/task-bench.ts";

for (const form of poisonForms) {
  const { key, value } = poisonOf(form, 1);

  test(`no reading: ${form}`, () => {
    const bytes = Buffer.from(value ?? "");
    expect(readReading(bytes, 0, bytes.length, emptyRawReading())).toBe(false);
  });

  test(`no aggregate: a job that skips what it cannot store puts ${form} aside, and stores nothing`, async () => {
    const bench = createTaskBench(1);
    await bench.publish(0, [
      { key: key === undefined ? null : Buffer.from(key), json: value ?? null },
    ]);
    const task = bench.start({
      config: jobConfig({
        "connect.elastic.error.policy": "NOOP",
        "errors.deadletterqueue.topic.name": deadLetterTopic,
      }),
    });
    await bench.clock.advance(5_000);
    task.stop();
    await bench.clock.runUntil(task.ended, 10_000);
    expect(bench.stored()).toEqual({});
    expect(await bench.committed(0)).toBeGreaterThan(0);
    const letters = await bench.deadLetters();
    expect(letters).toEqual([expect.objectContaining({ value: value ?? null, key: key ?? null })]);
  });
}

test("a record that is huge fits into a broker's message with the headers of whoever rejects it", () => {
  const { key = "", value = "" } = poisonOf("huge", 1);
  expect(value.length + key.length).toBeGreaterThan(512 * 1024);
  expect(value.length + key.length).toBeLessThan(1024 * 1024 - 16 * 1024);
});
