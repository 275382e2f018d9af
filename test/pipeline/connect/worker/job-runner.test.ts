/** Whatever is asked for and whenever: one deed after the other, never two lives of one task. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ValidatedJobConfig } from "../../../../pipeline/connect/config/config.ts";
import { createTaskMeter } from "../../../../pipeline/connect/task/task-meter.ts";
import {
  createJobRunner,
  type JobRunner,
  type TaskStarter,
} from "../../../../pipeline/connect/worker/job-runner.ts";
import type { WantedJob } from "../../../../pipeline/connect/worker/next-step.ts";

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const target = fc.constantFrom("RUNNING" as const, "PAUSED" as const, "STOPPED" as const);
const tasksMax = fc.constantFrom("1", "3", "broken");

type Bench = {
  readonly runner: JobRunner;
  readonly alive: ReadonlySet<number>;
  readonly begun: () => number;
  readonly fail: (id: number) => void;
};

/** Tasks that take a few turns to stop, as real ones do. */
function createBench(slot = 0): Bench {
  const alive = new Set<number>();
  const failed = new Set<number>();
  let begun = 0;
  const startTask: TaskStarter = ({ id, gate }) => {
    if (alive.has(id)) throw new Error(`task ${id} lives twice`);
    alive.add(id);
    failed.delete(id);
    begun += 1;
    return {
      id,
      meter: createTaskMeter(),
      state: () => (failed.has(id) ? "FAILED" : gate.isPaused() ? "PAUSED" : "RUNNING"),
      trace: () => undefined,
      stop: async () => {
        await turns(3);
        alive.delete(id);
      },
    };
  };
  const validate = (properties: Readonly<Record<string, string>>): ValidatedJobConfig => {
    const count = Number(properties["tasks.max"]);
    if (Number.isNaN(count)) {
      return { ok: false, errors: [{ key: "tasks.max", message: "is broken" }], warnings: [] };
    }
    // Of a config the runner looks at this number only.
    return { ok: true, config: { tasksMax: count } as never, warnings: [] };
  };
  const runner = createJobRunner({ slot, validate, startTask, log, onChange: quiet });
  return { runner, alive, begun: () => begun, fail: (id) => failed.add(id) };
}

async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
}

const job = (tasks: string, state: WantedJob["target"] = "RUNNING"): WantedJob => ({
  properties: { "tasks.max": tasks },
  target: state,
});

test("any wishes in any rhythm end in the last one", async () => {
  const wish = fc.record({
    job: fc.option(fc.tuple(tasksMax, target), { nil: undefined }),
    restart: fc.boolean(),
    pause: fc.nat(4),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(wish, { minLength: 1, maxLength: 8 }), async (wishes) => {
      const { runner, alive } = createBench();
      for (const { job: wanted, restart, pause } of wishes) {
        runner.want(wanted && job(...wanted));
        if (restart) runner.restart({ task: undefined, onlyFailed: false });
        await turns(pause);
      }
      await turns(60);
      const last = wishes.at(-1)?.job;
      const isBroken = last?.[0] === "broken" && last[1] !== "STOPPED";
      const count = last === undefined || last[1] === "STOPPED" || isBroken ? 0 : Number(last[0]);
      expect(alive.size).toBe(count);
      expect(runner.failure()).toBe(isBroken ? "tasks.max is broken" : undefined);
      const state = last?.[1];
      expect(runner.tasks().map((one) => one.state())).toEqual(Array(count).fill(state));
      await runner.close();
      expect(alive.size).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test("ids of a worker's tasks follow from its slot", async () => {
  const { runner } = createBench(2);
  runner.want(job("3"));
  await turns(5);
  expect(runner.tasks().map(({ id }) => id)).toEqual([6, 7, 8]);
});

test("only failed tasks are begun anew when asked so, or only one", async () => {
  const { runner, begun, fail } = createBench();
  runner.want(job("3"));
  await turns(5);
  fail(1);
  runner.restart({ task: undefined, onlyFailed: true });
  await turns(10);
  expect(begun()).toBe(4);
  runner.restart({ task: 2, onlyFailed: false });
  await turns(10);
  expect(begun()).toBe(5);
});

test("after its end nothing is begun any more", async () => {
  const { runner, begun } = createBench();
  await runner.close();
  runner.want(job("1"));
  runner.restart({ task: undefined, onlyFailed: false });
  await turns(5);
  expect(begun()).toBe(0);
});
