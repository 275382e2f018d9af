/**
 * The simulator's workers as one: started together, cut at one event time, closed, asked for their results. A worker
 * that a fault kills may be started again: it goes on from its own files (`simulator/load-beginning.ts`). One that dies
 * unasked ends the fleet.
 */

import type { HerdOutcome } from "../../../simulator/herd.ts";
import type {
  WorkerCommand,
  WorkerProgress,
  WorkerReport,
  WorkerResult,
} from "../../../simulator/worker-protocol.ts";
import type { OwnedProcess } from "../../process/owned-process.ts";
import type { ProcessSlots } from "../process-slots.ts";
import { createFleetEnd } from "./fleet-end.ts";
import { type FleetProgress, sumProgress } from "./fleet-progress.ts";
import {
  ackFileOf,
  type FleetOptions,
  readWorkerResult,
  workerName,
  workerSlot,
} from "./fleet-worker.ts";

export type Fleet = {
  /** `originMs`: wall time at which event time `time.start` happens. */
  readonly start: (originMs: number) => void;
  readonly progress: () => FleetProgress;
  /** Event time at which the load ended, the same for all workers. Rejects when a worker fails or dies unasked. */
  readonly loadDone: Promise<number>;
  /** Ends the load at that event time, or where the workers already are. */
  readonly cut: (atEventMs: number) => void;
  /** Sends the closing readings; resolves when they have settled. */
  readonly close: () => Promise<void>;
  readonly finish: () => Promise<readonly WorkerResult[]>;
  /**
   * Starts a worker again that was killed by `slots.kill`; resolves when it has been told to go on. The load waits
   * for it. Errors: `FleetError`, also for the whole fleet, when it does not start or its results were asked for.
   */
  readonly restart: (name: string) => Promise<void>;
  /** All workers hold back for so long; resolves with what each that lives let go then. */
  readonly herd: (forMs: number) => Promise<readonly HerdOutcome[]>;
  readonly ackFiles: readonly string[];
};

export class FleetError extends Error {
  readonly code = "fleet-failed";

  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "FleetError";
  }
}

export async function startFleet(
  options: FleetOptions & { readonly slots: ProcessSlots },
): Promise<Fleet> {
  const { scenario, folder, slots } = options;
  const { workers } = scenario.simulator;
  const indexes = Array.from({ length: workers }, (_, worker) => worker);
  const latest = new Map<number, WorkerProgress>();
  const end = createFleetEnd(workers);
  const loadDone = Promise.withResolvers<number>();
  const closed = indexes.map(() => Promise.withResolvers<void>());
  const failed = Promise.withResolvers<never>();
  failed.promise.catch((error) => loadDone.reject(error));
  loadDone.promise.catch(() => undefined); // Whoever waits for it sees it; a run that never got there need not.
  /** The present life of each. */
  const lives: OwnedProcess[] = [];
  /** Who waits for a worker's herd. */
  const herds: (((outcome: HerdOutcome) => void) | undefined)[] = [];
  let originMs: number | undefined;
  let closing = false;
  let finishing = false;

  slots.onDeath(({ name }) => {
    if (indexes.some((worker) => workerName(worker) === name)) {
      failed.reject(new FleetError(`${name} ended in mid-run.`));
    }
  });
  const started = await Promise.all(
    indexes.map((worker) => slots.start(workerSlot(options, worker))),
  );
  for (const [worker, life] of started.entries()) attach(worker, life);

  function attach(worker: number, life: OwnedProcess): void {
    lives[worker] = life;
    let over = false;
    // Between two lives, too, nothing that the dead one said late may count.
    life.onMessage((message) => {
      const report = message as WorkerReport;
      if (!over || report.type === "failed") receive(worker, report);
    });
    void life.exited.then(() => {
      over = true;
      if (lives[worker] === life) end.gone(worker);
    });
  }

  const tell = (worker: number, command: WorkerCommand): void => {
    lives[worker]?.send(command);
  };
  const tellAll = (command: WorkerCommand): void => {
    for (const worker of indexes) tell(worker, command);
  };

  function receive(worker: number, report: WorkerReport): void {
    switch (report.type) {
      case "progress":
        latest.set(worker, report);
        return;
      case "load-done":
        agreeOnTheEnd(worker, report.endedAtEventMs);
        return;
      case "closed":
        closed[worker]?.resolve();
        return;
      case "failed":
        failed.reject(new FleetError(`${workerName(worker)} failed: ${report.message}`));
        return;
      case "herd":
        herds[worker]?.(report);
        return;
      case "ready":
      case "done":
        return;
    }
  }

  function agreeOnTheEnd(worker: number, atEventMs: number): void {
    const what = end.ended(worker, atEventMs);
    if ("agreed" in what) loadDone.resolve(what.agreed);
    else for (const behind of what.goOn) tell(behind, { type: "cut", atEventMs: what.to });
  }

  /** Undefined: it died before it could tell. */
  async function herdOf(worker: number, forMs: number): Promise<HerdOutcome | undefined> {
    const told = new Promise<HerdOutcome>((resolve) => {
      herds[worker] = resolve;
    });
    tell(worker, { type: "hold", forMs });
    const outcome = await Promise.race([told, lives[worker]?.exited.then(() => undefined)]);
    herds[worker] = undefined;
    return outcome;
  }

  async function restart(name: string): Promise<void> {
    const worker = indexes.find((each) => workerName(each) === name);
    if (worker === undefined) throw new FleetError(`There is no worker ${name} in this fleet.`);
    try {
      if (finishing) throw new FleetError("the fleet has been asked for its results already");
      attach(worker, await slots.restart(name));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const error = new FleetError(`${name} was not started again: ${why}`, { cause });
      failed.reject(error);
      throw error;
    }
    if (originMs === undefined) return; // It is told with the others.
    const cutAtEventMs = end.latest();
    const cut = cutAtEventMs === undefined ? {} : { cutAtEventMs };
    tell(worker, { type: "start", atWallMs: originMs, resume: true, ...cut });
    if (closing) tell(worker, { type: "close-windows" });
  }

  return {
    start(atWallMs) {
      originMs = atWallMs;
      tellAll({ type: "start", atWallMs });
    },
    progress: () => sumProgress([...latest.values()]),
    loadDone: loadDone.promise,
    cut(atEventMs) {
      if (end.cut(atEventMs)) tellAll({ type: "cut", atEventMs });
    },
    async close() {
      closing = true;
      tellAll({ type: "close-windows" });
      await Promise.race([Promise.all(closed.map(({ promise }) => promise)), failed.promise]);
    },
    async finish() {
      finishing = true;
      for (const worker of indexes) slots.expectEnd(workerName(worker));
      tellAll({ type: "finish" });
      await Promise.all(lives.map(({ exited }) => exited));
      return indexes.map((worker) => {
        try {
          return readWorkerResult(folder, worker);
        } catch (cause) {
          throw new FleetError(`${workerName(worker)} left no result behind.`, { cause });
        }
      });
    },
    restart,
    async herd(forMs) {
      const outcomes = await Promise.all(indexes.map((worker) => herdOf(worker, forMs)));
      return outcomes.filter((outcome) => outcome !== undefined);
    },
    ackFiles: indexes.map((worker) => ackFileOf(folder, worker)),
  };
}
