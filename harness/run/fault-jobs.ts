/** The persisting jobs as fault steps see them: by stage, through the REST of their workers. */
import type { Jobs } from "../faults/fault-ports.ts";
import { stageOf } from "../scenario/fault-target.ts";
import type { JobRest } from "./job-rest.ts";
import type { RunJob } from "./run-context.ts";
import { failureSentence, failuresOf, type TaskWatch } from "./task-watch.ts";

export function jobsOf(parts: {
  readonly jobs: readonly Pick<RunJob, "store" | "name">[];
  readonly rest: JobRest;
  readonly tasks: Pick<TaskWatch, "expectFailures">;
  /** No replay and no other step touches the job meanwhile. */
  readonly hold: <T>(target: string, work: () => Promise<T>) => Promise<T>;
}): Jobs {
  const { jobs, rest, tasks, hold } = parts;
  const nameOf = (target: string): string => {
    const job = jobs.find(({ store }) => stageOf(target) === `job-${store}`);
    if (job === undefined) throw new Error(`No job of this run is ${target}.`);
    return job.name;
  };
  return {
    targets: jobs.map(({ store }) => `job-${store}`),
    failures: async (target) => failuresOf(await rest.status(nameOf(target))).map(failureSentence),
    expectFailures: tasks.expectFailures,
    moveBehind: (target, { topic, partition, offset }) =>
      hold(target, async () => {
        const job = nameOf(target);
        await rest.stop(job);
        await rest.moveOffset(job, { topic, partition, offset: offset + 1 });
        await rest.resume(job);
      }),
    restart: (target) => hold(target, () => rest.restart(nameOf(target))),
  };
}
