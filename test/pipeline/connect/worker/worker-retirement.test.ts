/** A job's indices past their days: listed by any worker, retired by the job's first task, by the job's clock. */
import { expect, test } from "vitest";
import { config, createWorkerBench, seed } from "./worker-bench.ts";

const days = 86_400_000;

test("what the dry run lists is what the job's own worker retires, and late records stay out", async () => {
  const bench = createWorkerBench();
  const seeds = [seed("job", config("temps", { "retire.after.days": "7", "tasks.max": "2" }))];
  const today = bench.open({ seeds });
  await bench.run(today.started);
  await bench.publish(["a"]);
  await bench.until("it is stored", () => bench.stored().length === 1);
  expect(await bench.run(today.herder.retirable("job"))).toEqual([]);
  await bench.run(today.worker.close());

  const aheadMs = 9 * days;
  const onlooker = bench.open({ group: "other", aheadMs });
  await bench.run(onlooker.started);
  const due = await bench.run(onlooker.herder.retirable("job"));
  expect(due).toEqual([{ index: "temps-2026.01.15", endMs: Date.UTC(2026, 0, 16), state: "open" }]);

  const later = bench.open({ seeds, aheadMs });
  await bench.run(later.started);
  const told = () => bench.messages.filter((line) => line.startsWith("indices past their days"));
  await bench.until("it is retired", () => told().length > 0);
  expect(told()).toHaveLength(1); // by the first of the two tasks
  expect(told()[0]).toContain("temps-2026.01.15");
  await bench.publish(["late"]);
  const retired = () =>
    later.herder.localTasks().reduce((sum, { meter }) => sum + meter.retired, 0);
  await bench.until("the late one is passed over", () => retired() === 1);
  expect(bench.stored()).toEqual(["a"]);
});
