/**
 * Sends every record of one topic into another, into the partition in which it lies, by the simulator's own idempotent
 * producer: in the order of the log, or in another (`reorder.ts`); as fast as it goes, or at a rate. It follows the
 * topic until it is told that no more comes.
 */
import type { Clock } from "../../simulator/clock.ts";
import { createHotProducer } from "../../simulator/hot-producer.ts";
import { connectProducePort } from "../../simulator/produce-port.ts";
import type { Producer } from "../../simulator/producer.ts";
import { followLog, type LoggedRecord } from "../observe/follow-log.ts";
import { createReorder } from "./reorder.ts";
import { ReplayError } from "./replay-error.ts";

export type Reproduction = AsyncDisposable & {
  /** No further records come: resolves when all are acknowledged. Errors: `ReplayError`, `StoreReadError`. */
  readonly finish: () => Promise<Reproduced>;
};

export type Reproduced = { readonly records: number; readonly tookMs: number };

export type ReproduceOptions = {
  readonly bootstrap: string;
  readonly from: string;
  readonly to: string;
  readonly partitions: number;
  /** Records of a partition that are shuffled among themselves; 1: the same order. */
  readonly blockSize: number;
  readonly seed: number;
  /** Records that no other is displaced over, by their key: those that move stream time by leaps. */
  readonly isFixed: (key: Uint8Array) => boolean;
  /** Undefined: as fast as it goes. */
  readonly perSecond: number | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

type Placed = LoggedRecord & { readonly partition: number };

/** Sent together; between two of them the rate is looked at. */
const flushEvery = 2_048;
/** Beside key and value, more than a record's own fields ever take in a batch. */
const overhead = 64;
const none = new Uint8Array(0);

/** Errors: `StoreReadError` when Kafka does not answer. */
export async function startReproduction(options: ReproduceOptions): Promise<Reproduction> {
  const { bootstrap, from, to, partitions, clock } = options;
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const counts = { acked: 0, lost: "" };
  const queue: Placed[] = [];
  const reorder = createReorder<LoggedRecord>(options, (partition, record) => {
    queue.push({ ...record, partition });
  });
  const visit = (partition: number, record: LoggedRecord): void => {
    const { key = none } = record;
    if (options.isFixed(key)) reorder.addFixed(partition, record);
    else reorder.add(partition, record);
  };
  const follower = await followLog({ bootstrap, topic: from, partitions, clock, visit });
  const port = await connectProducePort({
    bootstrap,
    topic: to,
    clientId: "fleetproof-replay",
    clock,
  });
  const producer = await createHotProducer({
    port,
    partitions: Array.from({ length: partitions }, (_, partition) => partition),
    clock,
    settle(_partition, count, _sentAtMs, result) {
      if (result.outcome === "acked") counts.acked += count;
      else counts.lost = `${count} records ${result.outcome}: ${result.reason}`;
    },
  });
  const send = createSender(producer, options, signal);

  async function run(): Promise<Reproduced> {
    while (!follower.reachedEnd()) {
      await follower.step(signal);
      await send(queue.splice(0));
    }
    reorder.end();
    return send(queue.splice(0));
  }

  async function close(): Promise<void> {
    ended.abort(new Error("the replay is over"));
    await running.catch(() => undefined); // Told by `finish`.
    await producer.close();
    await follower.close();
  }

  const running = run();
  running.catch(() => undefined); // Told by `finish`.
  // A run that ends for another reason does not come to the replay's end.
  options.signal.addEventListener("abort", () => void close(), {
    once: true,
    signal: ended.signal,
  });

  return {
    async finish() {
      await follower.finish();
      const reproduced = await running;
      if (counts.acked === reproduced.records) return reproduced;
      const why = counts.lost === "" ? `${counts.acked} were acknowledged` : counts.lost;
      const message = `not all of ${reproduced.records} records came into ${to}: ${why}`;
      throw new ReplayError("refused", message);
    },
    [Symbol.asyncDispose]: close,
  };
}

/** Resolves when what it is given is acknowledged, with what was sent so far. In order within a partition. */
function createSender(
  producer: Producer,
  { perSecond, clock }: Pick<ReproduceOptions, "perSecond" | "clock">,
  signal: AbortSignal,
): (records: readonly Placed[]) => Promise<Reproduced> {
  let beganMs: number | undefined;
  let records = 0;

  async function pace(): Promise<void> {
    producer.flush();
    if (perSecond === undefined) return;
    const dueMs = beganMs! + (records / perSecond) * 1_000;
    const waitMs = dueMs - clock.monotonicMs();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
  }

  return async (batch) => {
    beganMs ??= clock.monotonicMs();
    for (const { partition, key = none, value = none } of batch) {
      if (producer.room(partition) < key.length + value.length + overhead) await producer.idle();
      producer.append(partition, key, 0, key.length, value, 0, value.length);
      records++;
      if (records % flushEvery === 0) await pace();
    }
    if (batch.length > 0) await producer.idle();
    return { records, tookMs: clock.monotonicMs() - beganMs };
  };
}
