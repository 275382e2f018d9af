/**
 * A worker that is killed in the middle of a write to one of its files, and those that take its place, on one virtual
 * clock and one fake broker. What a dead one had on its way still arrives.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAckRanges } from "../../harness/facts/ack-ranges.ts";
import { createVirtualClock } from "../../harness/simulation/memory-clock.ts";
import type { AckRange } from "../../simulator/ack-log.ts";
import { type AppendFile, openAppendFile } from "../../simulator/append-file.ts";
import { createHotProducer, type ProducePort } from "../../simulator/hot-producer.ts";
import { createLoad, type Load } from "../../simulator/load.ts";
import { keepMeterState } from "../../simulator/meter-file.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import type { Plan } from "../../simulator/plan.ts";
import type { Producer, Settle } from "../../simulator/producer.ts";
import type { SendMeter } from "../../simulator/send-meter.ts";
import { openWorkerFiles } from "../../simulator/worker-files.ts";
import { createFakeBroker, type Fault } from "./broker-fixture.ts";
import { startAt } from "./plan-fixture.ts";

/** Dies in that write of its life (1 is the first), after this share of its bytes. */
export type Kill = { readonly write: number; readonly share: number };

export type Life = {
  readonly killed: boolean;
  readonly load: Load | undefined;
  readonly meter: SendMeter | undefined;
};

export const originMs = 1_000;
export const timeScale = 300;
const answerAfterMs = 15;
const restartAfterMs = 700;
const ackEveryMs = 100;
const keepEveryMs = 400;

class Killed extends Error {}

export function createWorld(
  plan: Plan,
  options: { readonly script?: (partition: number) => Fault; readonly warmUpMs?: number } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-killed-"));
  const clock = createVirtualClock(0);
  const broker = createFakeBroker(options.script ?? (() => "ok"));
  const port: ProducePort = {
    ...broker,
    produce: async (batches) => {
      await clock.sleep(answerAfterMs);
      return broker.produce(batches);
    },
  };
  const partitions = Array.from({ length: plan.options.partitions }, (_, p) => p);
  const schedule = { originMs, startAt, timeScale };
  const config = {
    ackFile: join(folder, "acks.ndjson"),
    intentFile: join(folder, "intents.ndjson"),
    partialFile: join(folder, "partial.json"),
    warmUpMs: options.warmUpMs ?? 0,
  };
  /** Appends of the last life. */
  let writes = 0;
  let killedAtMs = Number.NaN;
  /** What each flush would have told the harness. */
  const progress: Load["counts"][] = [];

  function openBreaking(kill: Kill | undefined): (file: string) => AppendFile {
    writes = 0;
    return (file) => {
      const real = openAppendFile(file);
      const append = (text: string): void => {
        writes += 1;
        const { write, share } = kill ?? { write: Infinity, share: 0 };
        if (writes < write) real.append(text);
        if (writes === write) real.append(text.slice(0, Math.floor(share * text.length)));
        if (writes >= write) throw new Killed();
      };
      return { append, close: real.close };
    };
  }

  /** One life; `during` runs beside its load. */
  async function live(
    resume: boolean,
    kill?: Kill,
    during?: (load: Load) => Promise<void>,
  ): Promise<Life> {
    const dead = new AbortController();
    let load: Load | undefined;
    let meter: SendMeter | undefined;
    let producer: Producer | undefined;
    try {
      const open = openBreaking(kill);
      const files = openWorkerFiles({ config, plan, partitions, schedule, clock, open }, resume);
      meter = files.meter;
      load = createLoad({ ...files, plan, schedule, clock, tickMs: 7 }, () => producer!);
      const settle: Settle = (...settled) => load!.settle(...settled);
      producer = await createHotProducer({ port, partitions, clock, settle });
      const running = load;
      const flush = every(ackEveryMs, dead.signal, () => {
        files.acks.flush();
        progress.push(running.counts);
      });
      const keep = every(keepEveryMs, dead.signal, () => {
        files.acks.flush();
        keepMeterState(config.partialFile, files.meter.state());
      });
      const beside = during?.(running);
      const work = Promise.all([running.run(dead.signal), beside]);
      await clock.runUntil(Promise.race([work, flush, keep]), 60_000);
      files.acks.flush();
      return { killed: false, load, meter };
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      killedAtMs = clock.now();
      return { killed: true, load, meter };
    } finally {
      dead.abort();
      await producer?.close();
      await clock.advance(restartAfterMs);
    }
  }

  async function every(ms: number, signal: AbortSignal, work: () => void): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(ms);
      if (!signal.aborted) work();
    }
  }

  return {
    config,
    broker,
    clock,
    progress,
    live,
    writes: () => writes,
    killedAtMs: () => killedAtMs,
    ranges: (): readonly AckRange[] => {
      const text = readFileSync(config.ackFile, "utf8");
      parseAckRanges(text); // The harness's reader must take every line.
      return text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as AckRange);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** What the plan has in the partition: values (of a JSON plan) and event times of sending. */
export function plannedSends(plan: Plan, partition: number, until = Number.POSITIVE_INFINITY) {
  const values: string[] = [];
  const sentAt: number[] = [];
  const target = Buffer.alloc(plan.encodedMaxBytes);
  createPartitionWalk(plan, partition).advance(until, (reading, _copy, sendAt) => {
    values.push(target.toString("utf8", 0, plan.encode(reading, target, 0)));
    sentAt.push(sendAt);
  });
  return { values, sentAt };
}
