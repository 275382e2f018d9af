/** The persisting jobs as fault steps see them: by stage, through the REST of their workers. */
import type { Jobs } from "../faults/fault-ports.ts";
import { stageOf } from "../scenario/fault-target.ts";
import type { JobRest } from "./job-rest.ts";
import type { RunJob } from "./run-context.ts";
import { failureSentence, failuresOf, type TaskWatch } from "./task-watch.ts";
import { JobRestError } from "./worker-requests.ts";

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
    async failures(target) {
      try {
        return failuresOf(await rest.status(nameOf(target))).map(failureSentence);
      } catch (error) {
        // Another step has just killed the last worker: it will tell when it is up again.
        if (error instanceof JobRestError && isAway(error)) return [];
        throw error;
      }
    },
    expectFailures: tasks.expectFailures,
    moveBehind: (target, ...places) =>
      hold(target, async () => {
        const job = nameOf(target);
        await rest.stop(job);
        const behind = places.map((place) => ({ ...place, offset: place.offset + 1 }));
        await rest.moveOffsets(
          job,
          behind.map(({ topic, partition, offset }) => ({ topic, partition, offset })),
        );
        await rest.resume(job);
      }),
    restart: (target) => hold(target, () => rest.restart(nameOf(target))),
  };
}

function isAway({ code }: JobRestError): boolean {
  return code === "no-worker" || code === "unreachable";
}
