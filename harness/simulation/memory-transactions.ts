/**
 * The transaction coordinator in memory: one producer id and a rising epoch per transactional id, at most one
 * open transaction each. Its end is answered when it is decided; the markers follow a moment later, each log's when
 * it may: a group's offsets are stable before the records of the same transaction are (a broker promises no order).
 * Until all are written nothing new begins for that id (CONCURRENT_TRANSACTIONS, waited for here).
 * Source: Kafka 4.1 `TransactionCoordinator`, transaction version 1 (one epoch for many transactions).
 */
import { KafkaError } from "../../pipeline/kafka/port.ts";
import type { TransactionOutcome } from "./memory-batch.ts";
import type { MemoryPartition } from "./memory-partition.ts";
import type { Timers } from "./memory-timing.ts";

export type ProducerIdentity = { readonly producerId: number; readonly producerEpoch: number };

/** What learns the outcome besides the partitions: the pending offsets of a group. */
export type OutcomeListener = (producerId: number, outcome: TransactionOutcome) => void;

export type MemoryTransactions = {
  /** A producer id without transactions, for idempotence alone. */
  readonly identify: () => ProducerIdentity;
  /** Fences every predecessor and aborts what it left open. Errors: `refused` for a time-out over the limit. */
  readonly init: (transactionalId: string, timeoutMs: number) => Promise<ProducerIdentity>;
  /** Begins a transaction when none is open. Errors: `fenced`. */
  readonly addPartition: (owner: Owner, partition: MemoryPartition) => Promise<void>;
  readonly addGroup: (owner: Owner, group: OutcomeListener) => Promise<void>;
  /** Whether the partition is in the open transaction: a broker refuses writes that nobody would end. */
  readonly covers: (owner: Owner, partition: MemoryPartition) => boolean;
  /** Errors: `fenced`; `refused` without an open transaction. */
  readonly end: (owner: Owner, outcome: TransactionOutcome) => void;
};

export type Owner = ProducerIdentity & { readonly transactionalId: string };

type Open = {
  readonly partitions: Set<MemoryPartition>;
  readonly groups: Set<OutcomeListener>;
  readonly cancelTimeout: () => void;
};

type Entry = {
  producerId: number;
  epoch: number;
  timeoutMs: number;
  open: Open | undefined;
  /** Resolves when the markers of the last transaction are written. */
  ended: Promise<void>;
};

/** From the decision to the group's markers, and from these to the partitions': a reader can come between them. */
const markerDelayMs = 2;

/** Brokers refuse more (`transaction.max.timeout.ms`). */
const timeoutMaxMs = 15 * 60_000;
/** Epochs are 16 bits; a new producer id follows the last one. */
const epochMax = 0x7ffe;

export function createMemoryTransactions(timers: Timers, tell: () => void): MemoryTransactions {
  const entries = new Map<string, Entry>();
  let nextProducerId = 1_000;

  function identify(): ProducerIdentity {
    nextProducerId += 1;
    return { producerId: nextProducerId, producerEpoch: 0 };
  }

  async function init(transactionalId: string, timeoutMs: number): Promise<ProducerIdentity> {
    if (timeoutMs <= 0 || timeoutMs > timeoutMaxMs) {
      throw refused(`a transaction time-out of ${timeoutMs} ms`);
    }
    const entry = entries.get(transactionalId) ?? newEntry(transactionalId);
    do {
      abandon(entry);
      await entry.ended; // meanwhile the predecessor may have begun once more
    } while (entry.open !== undefined);
    if (entry.epoch >= epochMax) {
      entry.producerId = identify().producerId;
      entry.epoch = -1;
    }
    entry.epoch += 1;
    entry.timeoutMs = timeoutMs;
    return { producerId: entry.producerId, producerEpoch: entry.epoch };
  }

  function newEntry(transactionalId: string): Entry {
    const { producerId } = identify();
    const ended = Promise.resolve();
    const entry = { producerId, epoch: -1, timeoutMs: 0, open: undefined, ended };
    entries.set(transactionalId, entry);
    return entry;
  }

  /** Aborts with a higher epoch, so that whoever had it open is fenced before the markers are written. */
  function abandon(entry: Entry): void {
    if (entry.open === undefined) return;
    entry.epoch += 1;
    finish(entry, entry.open, "abort");
  }

  function owned(owner: Owner): Entry {
    const entry = entries.get(owner.transactionalId);
    const isOwner = entry?.producerId === owner.producerId && entry.epoch === owner.producerEpoch;
    if (entry === undefined || !isOwner) {
      const message = `transactional id ${owner.transactionalId} has a newer owner, or its transaction timed out`;
      throw new KafkaError("fenced", message, { definite: true });
    }
    return entry;
  }

  async function begun(owner: Owner): Promise<Open> {
    await owned(owner).ended;
    const entry = owned(owner); // again: a successor may have come meanwhile
    entry.open ??= {
      partitions: new Set(),
      groups: new Set(),
      cancelTimeout: timers.after(entry.timeoutMs, () => abandon(entry)),
    };
    return entry.open;
  }

  function end(owner: Owner, outcome: TransactionOutcome): void {
    const entry = owned(owner);
    if (entry.open === undefined) throw refused("to end a transaction that was never begun");
    finish(entry, entry.open, outcome);
  }

  function finish(entry: Entry, open: Open, outcome: TransactionOutcome): void {
    open.cancelTimeout();
    entry.open = undefined;
    const { producerId, epoch } = entry;
    const { promise, resolve } = Promise.withResolvers<void>();
    entry.ended = promise;
    timers.after(markerDelayMs, () => {
      for (const group of open.groups) group(producerId, outcome);
      tell();
    });
    timers.after(2 * markerDelayMs, () => {
      for (const partition of open.partitions) {
        partition.endTransaction(producerId, epoch, outcome);
      }
      resolve();
      tell();
    });
  }

  return {
    identify,
    init,
    addPartition: async (owner, partition) => void (await begun(owner)).partitions.add(partition),
    addGroup: async (owner, group) => void (await begun(owner)).groups.add(group),
    covers: (owner, partition) => owned(owner).open?.partitions.has(partition) ?? false,
    end,
  };
}

function refused(what: string): KafkaError {
  return new KafkaError("refused", `the broker refused ${what}`, { definite: true });
}
