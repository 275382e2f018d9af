/** Step by step, whatever is wished for on the way, what runs becomes what is wanted. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type JobStep,
  type LoadedJob,
  nextStep,
  sameProperties,
  type WantedJob,
} from "../../../../pipeline/connect/worker/next-step.ts";

const properties = fc.constantFrom({ topics: "a" }, { topics: "b" }, { topics: "a", more: "1" });
const target = fc.constantFrom("RUNNING" as const, "PAUSED" as const, "STOPPED" as const);
const wanted = fc.option(fc.record({ properties, target }), { nil: undefined });
const loaded = fc.option(fc.record({ properties, paused: fc.boolean() }), { nil: undefined });

function apply(job: LoadedJob | undefined, step: JobStep): LoadedJob | undefined {
  if (step.kind === "stop") return undefined;
  if (step.kind === "start") return { properties: step.properties, paused: step.paused };
  return job && { ...job, paused: step.kind === "pause" };
}

function settle(job: LoadedJob | undefined, want: WantedJob | undefined) {
  const steps: JobStep[] = [];
  let now = job;
  for (let step = nextStep(now, want); step !== undefined; step = nextStep(now, want)) {
    steps.push(step);
    now = apply(now, step);
    if (steps.length > 3) throw new Error("it does not come to an end");
  }
  return { now, steps };
}

test("from anywhere two steps lead to what is wanted, and then nothing is to be done", () => {
  fc.assert(
    fc.property(loaded, wanted, (job, want) => {
      const { now, steps } = settle(job, want);
      const paused = want?.target === "PAUSED";
      const aim =
        want && want.target !== "STOPPED" ? { properties: want.properties, paused } : undefined;
      expect(now).toEqual(aim);
      expect(steps.length).toBeLessThanOrEqual(2);
    }),
  );
});

test("tasks of one config are gone before those of the next begin", () => {
  fc.assert(
    fc.property(loaded, fc.array(wanted), (job, wishes) => {
      let now: LoadedJob | undefined = job;
      for (const want of wishes) {
        const step = nextStep(now, want);
        if (step?.kind === "start") expect(now).toBeUndefined();
        if (step !== undefined) now = apply(now, step);
      }
    }),
  );
});

test("a config that is written again as it was, in another order, changes nothing", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (config) => {
      const turned = Object.fromEntries(Object.entries(config).reverse());
      expect(sameProperties(config, turned)).toBe(true);
      expect(sameProperties(config, { ...config, "\0more": "" })).toBe(false);
    }),
  );
});
