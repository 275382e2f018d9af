/** The simulator's workers as one: started together, cut at one event time, closed, asked for their results. */
import { readFileSync } from "node:fs";
import type { PlanOptions } from "../../simulator/plan.ts";
import type { WorkerConfigFile } from "../../simulator/worker-config.ts";
import type {
  WorkerCommand,
  WorkerProgress,
  WorkerReport,
  WorkerResult,
} from "../../simulator/worker-protocol.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { entryFiles } from "./entry-file.ts";
import type { ProcessSlots } from "./process-slots.ts";
import type { RunFolder } from "./run-folder.ts";

/**
 * Everything else runs below the generator; where we may (as root), the generator is raised as well: beside servers
 * that fill every core, the wait for a core was most of its lag (p99 of the event loop 13 ms).
 */
const generatorNice = process.getuid?.() === 0 ? -10 : 0;

type FleetProgress = {
  readonly sends: number;
  readonly acked: number;
  readonly failed: number;
  readonly unknown: number;
  /** p99 of the last quarter second, of the worst worker. */
  readonly sendLagMsP99: number;
  readonly behindMs: number;
};

export type Fleet = {
  /** `originMs`: wall time at which event time `time.start` happens. */
  readonly start: (originMs: number) => void;
  readonly progress: () => FleetProgress;
  /** Event time at which the load ended, the same for all workers. Rejects when a worker fails or dies. */
  readonly loadDone: Promise<number>;
  /** Ends the load at that event time, or where the workers already are. */
  readonly cut: (atEventMs: number) => void;
  /** Sends the closing readings; resolves when they have settled. */
  readonly close: () => Promise<void>;
  readonly finish: () => Promise<readonly WorkerResult[]>;
  readonly ackFiles: readonly string[];
};

export class FleetError extends Error {
  readonly code = "fleet-failed";

  constructor(message: string) {
    super(message);
    this.name = "FleetError";
  }
}

export async function startFleet(options: {
  readonly scenario: Scenario;
  readonly plan: PlanOptions;
  readonly bootstrap: string;
  readonly topic: string;
  readonly folder: RunFolder;
  readonly slots: ProcessSlots;
}): Promise<Fleet> {
  const { scenario, folder, slots } = options;
  const { workers } = scenario.simulator;
  const indexes = Array.from({ length: workers }, (_, worker) => worker);
  const name = (worker: number): string => `simulator-${worker}`;
  const ackFile = (worker: number): string => folder.facts(`acks-${worker}.ndjson`);
  const resultFile = (worker: number): string => folder.facts(`worker-${worker}.json`);
  const latest = new Map<number, WorkerProgress>();
  const ends = new Map<number, number>();
  let cutAt = Number.NEGATIVE_INFINITY;
  const loadDone = Promise.withResolvers<number>();
  const closed = indexes.map(() => Promise.withResolvers<void>());
  const failed = Promise.withResolvers<never>();
  failed.promise.catch((error) => loadDone.reject(error));
  loadDone.promise.catch(() => undefined); // Whoever waits for it sees it; a run that never got there need not.

  const processes = await Promise.all(
    indexes.map((worker) =>
      slots.start({
        name: name(worker),
        entry: entryFiles.worker,
        args: [folder.writeConfig(`${name(worker)}.json`, workerConfig(options, worker))],
        logFile: folder.log(name(worker)),
        nice: generatorNice,
      }),
    ),
  );
  for (const [worker, process] of processes.entries()) {
    process.onMessage((message) => receive(worker, message as WorkerReport));
    void process.exited.then(() => {
      if (!finishing) failed.reject(new FleetError(`${name(worker)} ended in mid-run.`));
    });
  }
  let finishing = false;

  const tell = (worker: number, command: WorkerCommand): void => {
    processes[worker]?.send(command);
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
        ends.set(worker, report.endedAtEventMs);
        agreeOnTheEnd();
        return;
      case "closed":
        closed[worker]?.resolve();
        return;
      case "failed":
        failed.reject(new FleetError(`${name(worker)} failed: ${report.message}`));
        return;
      case "ready":
      case "done":
        return;
    }
  }

  /** A cut reaches the workers at different moments: all then go on to the latest end. */
  function agreeOnTheEnd(): void {
    if (ends.size < workers) return;
    const end = Math.max(...ends.values());
    const behind = [...ends].filter(([, at]) => at < end);
    if (behind.length === 0) loadDone.resolve(end);
    for (const [worker] of behind) {
      ends.delete(worker);
      tell(worker, { type: "cut", atEventMs: end });
    }
  }

  return {
    start: (originMs) => tellAll({ type: "start", atWallMs: originMs }),
    progress() {
      const all = [...latest.values()];
      const sum = (of: (progress: WorkerProgress) => number): number =>
        all.reduce((total, progress) => total + of(progress), 0);
      return {
        sends: sum(({ sends }) => sends),
        acked: sum(({ acked }) => acked),
        failed: sum(({ failed }) => failed),
        unknown: sum(({ unknown }) => unknown),
        sendLagMsP99: Math.max(0, ...all.map(({ lateSendsMsP99 }) => lateSendsMsP99)),
        behindMs: Math.max(0, ...all.map(({ behindMs }) => behindMs)),
      };
    },
    loadDone: loadDone.promise,
    cut(atEventMs) {
      if (atEventMs <= cutAt) return;
      cutAt = atEventMs;
      tellAll({ type: "cut", atEventMs });
    },
    async close() {
      tellAll({ type: "close-windows" });
      await Promise.race([Promise.all(closed.map(({ promise }) => promise)), failed.promise]);
    },
    async finish() {
      finishing = true;
      for (const worker of indexes) slots.expectEnd(name(worker));
      tellAll({ type: "finish" });
      await Promise.all(processes.map(({ exited }) => exited));
      return indexes.map(
        (worker) => JSON.parse(readFileSync(resultFile(worker), "utf8")) as WorkerResult,
      );
    },
    ackFiles: indexes.map(ackFile),
  };

  function workerConfig(
    { plan, bootstrap, topic }: typeof options,
    worker: number,
  ): WorkerConfigFile {
    return {
      plan,
      bootstrap,
      topic,
      worker,
      workers,
      client: scenario.simulator.client,
      timeScale: scenario.fleet.timeScale,
      warmUpMs: scenario.load.warmUpMs,
      ackFile: ackFile(worker),
      resultFile: resultFile(worker),
    };
  }
}
