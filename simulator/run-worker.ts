/** A worker's life from `ready` to its result file, as commands come. The process around it is `start-worker.ts`. */
import { writeFileSync } from "node:fs";
import type { Clock } from "./clock.ts";
import { createCommandQueue } from "./command-queue.ts";
import type { HerdOutcome } from "./herd.ts";
import { createHotProducer } from "./hot-producer.ts";
import { createKafkajsProducer, kafkajsClients } from "./kafkajs-producer.ts";
import { createLoad, type Load } from "./load.ts";
import { dropMeterState, keepMeterState } from "./meter-file.ts";
import { createPlan } from "./plan.ts";
import { connectProducePort } from "./produce-port.ts";
import type { Producer, Settle } from "./producer.ts";
import { eventAtMs, type Schedule } from "./schedule.ts";
import type { WorkerConfig } from "./worker-config.ts";
import { openWorkerFiles } from "./worker-files.ts";
import type { WorkerCommand, WorkerReport, WorkerResult } from "./worker-protocol.ts";

export type WorkerPorts = {
  readonly config: WorkerConfig;
  readonly clock: Clock;
  readonly report: (message: WorkerReport) => void;
  readonly onCommand: (listener: (command: WorkerCommand) => void) => void;
  /** Ends the load, waits for its outcomes and writes the result. */
  readonly signal: AbortSignal;
  readonly usage: () => Pick<WorkerResult, "cpuSeconds" | "maxRssBytes">;
};

const ackEveryMs = 100;
const reportEveryMs = 250;
/** What a kill takes away of the histograms. */
const keepEveryMs = 1_000;

/** Returns after `finish`, or after the signal. Errors: whatever keeps it from sending. */
export async function runWorker(ports: WorkerPorts): Promise<void> {
  const { config, clock, report, signal } = ports;
  const commands = createCommandQueue(signal);
  const plan = createPlan(config.plan);
  const partitions = Array.from({ length: config.plan.partitions }, (_, p) => p).filter(
    (partition) => partition % config.workers === config.worker,
  );
  let load: Load | undefined;
  let loading = false;
  // A cut or a hold must reach a running load, so it does not wait in the queue behind it.
  ports.onCommand((command) => {
    if (command.type === "cut" && loading) load?.cut(command.atEventMs);
    else if (command.type === "hold") load?.hold(command.forMs);
    else commands.add(command);
  });
  const settle: Settle = (...settled) => load!.settle(...settled);
  const producer = await openProducer(config, partitions, clock, settle);
  report({ type: "ready" });

  const started = await commands.next("start");
  if (started === undefined) {
    await producer.close();
    return;
  }
  const { startAt } = config.plan;
  const schedule: Schedule = { originMs: started.atWallMs, startAt, timeScale: config.timeScale };
  const files = openWorkerFiles({ config, plan, partitions, schedule, clock }, started.resume);
  const { acks, intents, meter } = files;
  const onHerd = (outcome: HerdOutcome): void => report({ type: "herd", ...outcome });
  const { tickMs } = config;
  load = createLoad({ ...files, plan, schedule, clock, tickMs, onHerd }, () => producer);
  if (started.cutAtEventMs !== undefined) load.cut(started.cutAtEventMs);
  const ended = new AbortController();
  const failed = Promise.withResolvers<never>();
  for (const ticking of [
    every(clock, ackEveryMs, ended.signal, () => acks.flush()),
    every(clock, reportEveryMs, ended.signal, () => reportProgress(load!)),
    every(clock, keepEveryMs, ended.signal, () => {
      acks.flush();
      keepMeterState(config.partialFile, meter.state());
    }),
  ]) {
    ticking.catch(failed.reject);
  }

  function reportProgress({ counts, sentEventMs }: Load): void {
    acks.flush(); // What was told is on file, so that the sums do not fall when another goes on from there.
    const due = Math.min(eventAtMs(schedule, clock.now()), startAt + config.plan.loadMs);
    report({
      type: "progress",
      sentEventMs,
      ...totals(counts),
      lateSendsMsP99: meter.recentLagMs(),
      behindMs: Math.max(0, (due - sentEventMs) / config.timeScale),
    });
  }

  try {
    await Promise.race([obey(load), failed.promise]);
  } finally {
    ended.abort();
    await producer.close();
    acks.close();
    intents.close();
  }
  const { sent, acked, ...measured } = meter.result();
  const result: WorkerResult = {
    worker: config.worker,
    partitions,
    counts: { ...totals(load.counts), closing: load.counts.closing },
    endedAtEventMs: load.sentEventMs,
    measured: { sent, acked, ...measured },
    ...ports.usage(),
    interrupted: signal.aborted,
  };
  writeFileSync(config.resultFile, `${JSON.stringify(result)}\n`);
  dropMeterState(config.partialFile);

  async function obey(running: Load): Promise<void> {
    for (;;) {
      loading = true;
      for (const { atEventMs } of commands.taken("cut")) running.cut(atEventMs);
      await running.run(signal);
      loading = false;
      if (signal.aborted) return;
      reportProgress(running);
      const { counts, sentEventMs } = running;
      report({ type: "load-done", endedAtEventMs: sentEventMs, ...totals(counts) });
      const command = await commands.next("cut", "close-windows", "finish");
      if (command?.type === "cut") {
        running.cut(command.atEventMs);
        continue;
      }
      if (command?.type === "close-windows") {
        const planned = await running.close();
        report({ type: "closed", planned, acked: running.counts.closing });
        await commands.next("finish");
      }
      return;
    }
  }
}

function openProducer(
  config: WorkerConfig,
  partitions: readonly number[],
  clock: Clock,
  settle: Settle,
): Promise<Producer> {
  const { bootstrap, topic } = config;
  const clientId = `fleetproof-simulator-${config.worker}`;
  if (config.client === "kafkajs") {
    const createClient = kafkajsClients({ bootstrap, topic, clientId });
    return createKafkajsProducer({ createClient, partitions, clock, settle });
  }
  return connectProducePort({ bootstrap, topic, clientId, clock }).then((port) =>
    createHotProducer({ port, partitions, clock, settle }),
  );
}

function totals({ sends, acked, failed, unknown }: Load["counts"]) {
  return { sends, acked, failed, unknown };
}

async function every(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: () => void,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(ms);
    if (!signal.aborted) work();
  }
}
