/**
 * Keeps one job of this worker as it is wanted: starts, pauses, resumes, stops and restarts its
 * tasks, one deed after the other. What is asked for meanwhile is looked at when the deed is done,
 * so that only the last wish counts. Each job has a runner of its own: what one waits for, or fails
 * of, another never notices.
 */
import type { Logger } from "../../logger.ts";
import type { ValidatedJobConfig } from "../config/config.ts";
import { createPause } from "../task/pause-gate.ts";
import { type LoadedJob, nextStep, type WantedJob } from "./next-step.ts";
import type { RunningTask, RunningTaskOptions } from "./running-task.ts";

export type RestartRequest = {
  /** undefined: all of them. */
  readonly task: number | undefined;
  readonly onlyFailed: boolean;
};

export type JobRunner = {
  /** undefined: the job is to be gone. */
  readonly want: (wanted: WantedJob | undefined) => void;
  readonly restart: (request: RestartRequest) => void;
  readonly tasks: () => readonly RunningTask[];
  /** Why its config could not be taken up. */
  readonly failure: () => string | undefined;
  /** Stops the tasks, awaited; nothing is begun any more. */
  readonly close: () => Promise<void>;
};

export type TaskStarter = (
  options: Pick<RunningTaskOptions, "id" | "config" | "gate" | "before" | "retires">,
) => RunningTask;

export type JobRunnerOptions = {
  /** Of this worker: the ids of its tasks follow from it. */
  readonly slot: number;
  readonly validate: (properties: Readonly<Record<string, string>>) => ValidatedJobConfig;
  readonly startTask: TaskStarter;
  readonly log: Logger;
  /** After every change of what runs. */
  readonly onChange: () => void;
};

type Loaded = LoadedJob & {
  paused: boolean;
  readonly gate: ReturnType<typeof createPause>;
  readonly begin: (index: number, before: "UNASSIGNED" | "RESTARTING") => RunningTask;
  /** By index; none when the config could not be taken up. */
  readonly tasks: RunningTask[];
  readonly failure: string | undefined;
};

/** More restarts than this were asked for by accident: the tasks begin anew either way. */
const restartsMax = 100;

export function createJobRunner(options: JobRunnerOptions): JobRunner {
  const { slot, log, onChange } = options;
  const restarts: RestartRequest[] = [];
  let wanted: WantedJob | undefined;
  let loaded: Loaded | undefined;
  let working = false;
  let worked = Promise.resolve();
  let closed = false;

  function kick(): void {
    if (working) return;
    working = true;
    worked = work();
  }

  /** Until what runs is what is wanted. */
  async function work(): Promise<void> {
    for (;;) {
      const step = nextStep(loaded, wanted);
      const request = step === undefined ? restarts.shift() : undefined;
      if (step === undefined && request === undefined) break;
      if (step?.kind === "start") loaded = load(step.properties, step.paused);
      else if (step?.kind === "stop") await unload();
      else if (step !== undefined) turn(step.kind === "pause");
      else if (request !== undefined) await restart(request);
      log.info({ step: step?.kind ?? "restart" }, "job changed");
      onChange();
    }
    working = false; // In one breath with the last look: what is asked for from now on kicks anew.
  }

  function load(properties: LoadedJob["properties"], paused: boolean): Loaded {
    const gate = createPause(paused);
    const validated = options.validate(properties);
    if (!validated.ok) {
      const faults = validated.errors.map(({ key, message }) => `${key} ${message}`.trim());
      return refused(properties, paused, faults.join("\n"));
    }
    const { config, warnings } = validated;
    for (const warning of warnings) log.warn({}, warning);
    const begin: Loaded["begin"] = (index, before) =>
      options.startTask({
        id: slot * config.tasksMax + index,
        config,
        gate,
        before,
        retires: index === 0,
      });
    const indices = Array.from({ length: config.tasksMax }, (_, index) => index);
    const tasks = indices.map((index) => begin(index, "UNASSIGNED"));
    return { properties, paused, gate, begin, tasks, failure: undefined };
  }

  function refused(properties: LoadedJob["properties"], paused: boolean, failure: string): Loaded {
    log.error({ failure }, "the job's config cannot be used");
    const gate = createPause(paused);
    const none = (): never => {
      throw new Error("a job without a usable config has no tasks");
    };
    return { properties, paused, gate, begin: none, tasks: [], failure };
  }

  async function unload(): Promise<void> {
    const stopping = loaded?.tasks ?? [];
    await Promise.all(stopping.map(({ stop }) => stop()));
    loaded = undefined;
  }

  function turn(paused: boolean): void {
    if (loaded === undefined) return;
    loaded.paused = paused;
    if (paused) loaded.gate.pause();
    else loaded.gate.resume();
  }

  async function restart({ task, onlyFailed }: RestartRequest): Promise<void> {
    const of = loaded;
    if (of === undefined) return;
    if (of.failure !== undefined) {
      loaded = undefined; // Files and variables of the environment may have been mended meanwhile.
      return;
    }
    const meant = ({ id, state }: RunningTask): boolean =>
      (task === undefined || id === task) && (!onlyFailed || state() === "FAILED");
    const indices = [...of.tasks.keys()].filter((index) => meant(of.tasks[index]!));
    await Promise.all(
      indices.map(async (index) => {
        await of.tasks[index]!.stop();
        of.tasks[index] = of.begin(index, "RESTARTING");
      }),
    );
  }

  return {
    want: (job) => {
      if (closed) return;
      wanted = job;
      kick();
    },
    restart: (request) => {
      if (closed || restarts.length >= restartsMax) return;
      restarts.push(request);
      kick();
    },
    tasks: () => loaded?.tasks ?? [],
    failure: () => loaded?.failure,
    close: async () => {
      closed = true;
      wanted = undefined;
      restarts.length = 0;
      kick();
      await worked;
    },
  };
}
