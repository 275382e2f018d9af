/**
 * The persisting jobs as their operator reaches them: Kafka Connect's REST, asked of whichever of a run's workers
 * lives. Any worker answers for every job of the run.
 */
import * as z from "zod";
import {
  busyCodes,
  createWorkerRequests,
  JobRestError,
  settledWithinMs,
  type WorkerOptions,
} from "./worker-requests.ts";

export type JobStatus = {
  readonly name: string;
  readonly state: string;
  readonly tasks: readonly TaskState[];
};

type TaskState = { readonly id: number; readonly state: string; readonly trace: string };

type JobOffset = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
};

/** Errors of all: `JobRestError`; the signal's reason when aborted. */
export type JobRest = {
  /** Of all jobs that the workers know; asked once, whatever the answer. */
  readonly all: () => Promise<readonly JobStatus[]>;
  readonly status: (job: string) => Promise<JobStatus>;
  /** Resolves when its tasks are gone, all of them on all workers. */
  readonly stop: (job: string) => Promise<void>;
  /** Resolves when a task of it runs. */
  readonly resume: (job: string) => Promise<void>;
  /** All tasks anew; resolves when it is accepted. */
  readonly restart: (job: string) => Promise<void>;
  /** Of a stopped job: it forgets what it has read. */
  readonly resetOffsets: (job: string) => Promise<void>;
  /** Of a stopped job: where it goes on. */
  readonly moveOffset: (job: string, to: JobOffset) => Promise<void>;
  /** Of a stopped job, in one request: the other partitions stay as they are. */
  readonly moveOffsets: (job: string, to: readonly JobOffset[]) => Promise<void>;
};

export function createJobRest(workers: WorkerOptions): JobRest {
  const { ask, insist, soon } = createWorkerRequests(workers);

  async function status(job: string): Promise<JobStatus> {
    const path = `${pathOf(job)}/status`;
    return jobStatus(read(statusSchema, path, await insist("GET", path)));
  }

  async function untilStatus(
    job: string,
    what: string,
    holds: (status: JobStatus) => boolean,
  ): Promise<void> {
    let last: JobStatus | undefined;
    await soon(
      async () => {
        last = await status(job);
        return holds(last);
      },
      () => `${job} was not ${what} after ${settledWithinMs / 1_000} s: ${printStatus(last)}`,
    );
  }

  async function moveOffsets(job: string, to: readonly JobOffset[]): Promise<void> {
    const offsets = to.map(({ topic, partition, offset }) => ({
      partition: { kafka_topic: topic, kafka_partition: partition },
      offset: { kafka_offset: offset },
    }));
    await insist("PATCH", `${pathOf(job)}/offsets`, { ...offsetsAgain, body: { offsets } });
  }

  return {
    status,
    async all() {
      const path = "/connectors?expand=status";
      const answer = read(expandedSchema, path, await ask("GET", path));
      return Object.values(answer).map((each) => jobStatus(each.status));
    },
    async stop(job) {
      await insist("PUT", `${pathOf(job)}/stop`);
      await untilStatus(
        job,
        "stopped",
        ({ state, tasks }) => state === "STOPPED" && tasks.length === 0,
      );
    },
    async resume(job) {
      await insist("PUT", `${pathOf(job)}/resume`);
      const runs = ({ tasks }: JobStatus): boolean =>
        tasks.some(({ state }) => state === "RUNNING");
      await untilStatus(job, "running again", runs);
    },
    async restart(job) {
      await insist("POST", `${pathOf(job)}/restart?includeTasks=true&onlyFailed=false`);
    },
    async resetOffsets(job) {
      await insist("DELETE", `${pathOf(job)}/offsets`, offsetsAgain);
    },
    moveOffset: (job, to) => moveOffsets(job, [to]),
    moveOffsets,
  };
}

/** 400 also while the group still has a member that nobody has heard of for less than its session lasts. */
const offsetsAgain = { again: [400, ...busyCodes] } as const;

function pathOf(job: string): string {
  return `/connectors/${encodeURIComponent(job)}`;
}

const statusSchema = z.object({
  name: z.string(),
  connector: z.object({ state: z.string() }),
  tasks: z.array(
    z.object({ id: z.int(), state: z.string(), trace: z.string().optional().default("") }),
  ),
});

const expandedSchema = z.record(z.string(), z.object({ status: statusSchema }));

function read<T>(schema: z.ZodType<T>, path: string, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const message = `The answer to GET ${path} is none that Connect gives: ${parsed.error.message}`;
  throw new JobRestError("refused", message, parsed.error);
}

function jobStatus({ name, connector, tasks }: z.output<typeof statusSchema>): JobStatus {
  return { name, state: connector.state, tasks };
}

function printStatus(status: JobStatus | undefined): string {
  if (status === undefined) return "it did not tell";
  const tasks = status.tasks.map(({ id, state }) => `task ${id} ${state}`);
  return [status.state, ...tasks].join(", ");
}
