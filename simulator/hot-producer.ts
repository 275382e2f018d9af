/**
 * The idempotent producer of the hot path: batches are built in place and sent as they are, all partitions in one
 * request, at most five requests under way. What keeps a reading from being lost or doubled is in `lane.ts`; here is
 * who sends when. With several leaders a request counts as under way until the slowest has answered.
 *
 * Hot path. Found by profiles: of what a saturated client uses, appending 32-byte records is half and their checksum a
 * twentieth; with fleet readings, making and encoding them is three quarters. The copy that the library's connection
 * makes of every request cost about a sixth, for the garbage collector more than for itself
 * (`lean-connection.ts`).
 */
import { stampBatch } from "../pipeline/kafka/wire/stamp-batch.ts";
import type { Clock } from "./clock.ts";
import { createLane, type Lane, type LaneBatch, type ProducerIdentity } from "./lane.ts";
import { batchMaxBytes, type Producer, type Settle } from "./producer.ts";

/** What is needed of Kafka; `produce-port.ts` has the real one, tests have theirs. */
export type ProducePort = {
  /** One result for each batch, in their order. Errors: only what makes the producer useless. */
  readonly produce: (
    batches: readonly { readonly partition: number; readonly bytes: Buffer }[],
  ) => Promise<readonly { readonly errorCode: number; readonly baseOffset: number }[]>;
  readonly initProducer: () => Promise<ProducerIdentity>;
  readonly close: () => Promise<void>;
};

export type HotProducerOptions = {
  readonly port: ProducePort;
  readonly partitions: readonly number[];
  readonly clock: Clock;
  readonly settle: Settle;
  /** From a batch's first sending until its outcome is called; 30 s. */
  readonly deadlineMs?: number;
  /** Where sequences begin; anything but 0 is for tests of the wrap. */
  readonly firstSequence?: number;
};

const requestsMax = 5;
/** However slow the last answer was. */
const spacingMaxMs = 20;
const retryFirstMs = 20;
const retryMaxMs = 500;

/** Errors: those of `port.initProducer`. */
export async function createHotProducer(options: HotProducerOptions): Promise<Producer> {
  const { port, clock, settle, deadlineMs = 30_000, firstSequence = 0 } = options;
  const identity = await port.initProducer();
  const lanes = new Map<number, Lane>(
    options.partitions.map((partition) => [
      partition,
      createLane({ partition, identity, firstSequence, deadlineMs, clock, settle }),
    ]),
  );
  const stopped = new AbortController();
  let requests = 0;
  /** Of the last request: when it left, and how long the last answer took; monotonic ms. */
  const last = { leftAtMs: 0, answerMs: 0 };
  let broken: { readonly cause: unknown } | undefined;
  let waiters: (() => void)[] = [];
  let retryMs = retryFirstMs;
  let retrying = false;

  function flush(): void {
    while (mayLeave() && broken === undefined && !stopped.signal.aborted) {
      const batches: LaneBatch[] = [];
      for (const lane of lanes.values()) {
        const batch = lane.next();
        if (batch !== undefined) batches.push(batch);
      }
      if (batches.length === 0) break;
      requests += 1;
      send(batches).catch(fail);
    }
    if ([...lanes.values()].some((lane) => lane.troubled)) retryLater();
    else retryMs = retryFirstMs;
    notifyIdle();
  }

  /**
   * Five requests are spread over the time of an answer. If they left as they came, the sixth would wait for most of
   * that time, and as answers come at the intervals of their requests, so it would go on.
   */
  function mayLeave(): boolean {
    if (requests < 2) return true;
    const spacingMs = Math.min(last.answerMs / requestsMax, spacingMaxMs);
    return requests < requestsMax && clock.monotonicMs() - last.leftAtMs >= spacingMs;
  }

  async function send(batches: readonly LaneBatch[]): Promise<void> {
    const now = clock.now();
    const leftAtMs = clock.monotonicMs();
    last.leftAtMs = leftAtMs;
    const ready = batches.map((batch) => {
      if (batch.sentAtMs < 0) batch.sentAtMs = now;
      batch.bytes ??= stampBatch(batch.draft, {
        ...batch.identity,
        baseSequence: batch.sequence,
        transactional: false,
        timestamp: now,
      });
      return { partition: batch.partition, bytes: batch.bytes };
    });
    const results = await port.produce(ready);
    requests -= 1;
    last.answerMs = clock.monotonicMs() - leftAtMs;
    for (const [i, batch] of batches.entries()) {
      const { errorCode, baseOffset } = results[i]!;
      lanes.get(batch.partition)!.answered(batch, errorCode, baseOffset);
    }
    flush();
  }

  /** One timer for all lanes: backs off, asks for new producer ids where needed, and sends again. */
  function retryLater(): void {
    if (retrying || broken !== undefined || stopped.signal.aborted) return;
    retrying = true;
    retryOnce().catch(fail);
  }

  async function retryOnce(): Promise<void> {
    await clock.sleep(retryMs, stopped.signal);
    retryMs = Math.min(2 * retryMs, retryMaxMs);
    for (const lane of lanes.values()) lane.expire();
    const orphaned = [...lanes.values()].filter((lane) => lane.needsIdentity);
    if (orphaned.length > 0) {
      const fresh = await port.initProducer().catch(() => undefined); // tried again with the next round
      if (fresh !== undefined) for (const lane of orphaned) lane.renew(fresh);
    }
    for (const lane of lanes.values()) lane.resume();
    retrying = false;
    flush();
  }

  function fail(cause: unknown): void {
    if (stopped.signal.aborted) return;
    broken ??= { cause };
    for (const lane of lanes.values()) lane.abandon("the producer broke");
    notifyIdle();
  }

  function notifyIdle(): void {
    if (waiters.length === 0) return;
    if (broken === undefined && ![...lanes.values()].every((lane) => lane.idle)) return;
    const woken = waiters;
    waiters = [];
    for (const wake of woken) wake();
  }

  async function idle(): Promise<void> {
    await new Promise<void>((resolve) => {
      waiters.push(resolve);
      flush();
    });
    if (broken !== undefined) throw broken.cause;
  }

  async function close(): Promise<void> {
    if (stopped.signal.aborted) return;
    stopped.abort(new Error("the producer was closed"));
    for (const lane of lanes.values()) lane.abandon("the producer was closed before an answer");
    notifyIdle();
    await port.close();
  }

  return {
    append: (partition, key, keyStart, keyEnd, value, valueStart, valueEnd) => {
      const { writer } = lanes.get(partition)!;
      writer.append(key, keyStart, keyEnd, value, valueStart, valueEnd);
    },
    room: (partition) => batchMaxBytes - lanes.get(partition)!.writer.size,
    flush: () => {
      if (broken !== undefined) throw broken.cause;
      flush();
    },
    idle,
    close,
  };
}
