/**
 * Watches the tasks of the persisting jobs. A task that fails leaves its process alive: nobody sees a death, and the
 * backlog would be waited for in vain. A failure that no step of the scenario wants is a trouble of the run.
 */
import type { Clock } from "../../simulator/clock.ts";
import type { JobRest, JobStatus } from "./job-rest.ts";
import { JobRestError } from "./worker-requests.ts";

export type TaskFailure = {
  readonly job: string;
  readonly task: number;
  /** The first line of its trace. */
  readonly why: string;
};

export type TaskWatch = AsyncDisposable & {
  /** Failures from now on are the scenario's own doing, until the answer is called. */
  readonly expectFailures: () => () => void;
  /** Called once a failure that nobody expects, in the words of a trouble. */
  readonly onFailure: (listener: (sentence: string) => void) => void;
};

const everyMs = 1_000;

export function watchTasks(options: {
  readonly rest: Pick<JobRest, "all">;
  readonly clock: Clock;
  /** A line that stays on the live view. */
  readonly say: (line: string) => void;
}): TaskWatch {
  const { rest, clock, say } = options;
  const stopping = new AbortController();
  const told = new Set<string>();
  const listeners: ((sentence: string) => void)[] = [];
  let expecting = 0;
  let isSilent = false;

  function tell(failure: TaskFailure): void {
    const sentence = failureSentence(failure);
    if (told.has(sentence)) return;
    told.add(sentence);
    if (expecting > 0) say(`${sentence} (as the scenario wants it)`);
    else for (const listener of listeners) listener(sentence);
  }

  async function look(): Promise<void> {
    try {
      const failed = (await rest.all()).flatMap(failuresOf);
      // What has been mended may fail again for the same reason: that is another failure.
      const now = new Set(failed.map(failureSentence));
      for (const sentence of told) if (!now.has(sentence)) told.delete(sentence);
      for (const failure of failed) tell(failure);
      isSilent = false;
    } catch (error) {
      if (stopping.signal.aborted) return;
      if (!(error instanceof JobRestError)) throw error;
      // Workers come and go by the scenario's own steps; a dead one is told of by its end.
      if (!isSilent && error.code !== "no-worker")
        say(`the jobs do not tell how they are: ${error.message}`);
      isSilent = true;
    }
  }

  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await look();
      await clock.sleep(everyMs, stopping.signal).catch(() => undefined); // Only the abort rejects.
    }
  })();
  looking.catch(() => undefined); // Told to whoever disposes of it.

  return {
    expectFailures() {
      expecting++;
      let over = false;
      return () => {
        if (!over) expecting--;
        over = true;
      };
    },
    onFailure: (listener) => void listeners.push(listener),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await looking;
    },
  };
}

export function failuresOf({ name, tasks }: JobStatus): readonly TaskFailure[] {
  return tasks
    .filter(({ state }) => state === "FAILED")
    .map(({ id, trace }) => ({ job: name, task: id, why: firstLine(trace) }));
}

export function failureSentence({ job, task, why }: TaskFailure): string {
  return `task ${task} of ${job} failed: ${why}`;
}

function firstLine(trace: string): string {
  return trace.trim().split("\n")[0]?.trim() || "it gave no reason";
}
