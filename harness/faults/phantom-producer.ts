/**
 * Aggregates that never were: written into the aggregated topic in a transaction of the harness's own, which is aborted,
 * or left open until the broker aborts it.
 */
import { Producer } from "@platformatic/kafka";
import { encodeAggregate } from "../../pipeline/contract/aggregate.ts";
import type { Plan } from "../../simulator/plan.ts";
import type { RecordPlace } from "../facts/run-record.ts";
import { orFaultError } from "./fault-error.ts";
import { phantomAggregate } from "./phantom-aggregate.ts";

export type PhantomForm = "abort" | "hang";

export type PhantomWriter = (form: PhantomForm) => Promise<readonly RecordPlace[]>;

/** The broker's patience with a transaction that nobody ends; it looks only every ten seconds by default. */
const hangsForMs = 10_000;

/** One record for each partition that has devices. Errors: `FaultError`; the signal's reason. */
export function createPhantomWriter(options: {
  readonly bootstrap: string;
  /** Holds the run's id. */
  readonly topic: string;
  readonly plan: Plan;
  readonly signal: AbortSignal;
}): PhantomWriter {
  const { bootstrap, topic, plan, signal } = options;
  let written = 0;
  return (form) =>
    orFaultError(`the phantoms did not come into ${topic}`, signal, async () => {
      const producer = new Producer({
        clientId: "fleetproof-phantom",
        bootstrapBrokers: [bootstrap],
        // Each its own: the next one would end what this one leaves open.
        transactionalId: `${topic}.phantom-${written++}`,
        idempotent: true,
        // Of the transaction, too.
        timeout: hangsForMs,
      });
      try {
        const transaction = await producer.beginTransaction();
        const messages = phantomsOf(plan, topic);
        const { offsets = [] } = await transaction.send({ messages, acks: -1 });
        if (form === "abort") await transaction.abort();
        return offsets.map(({ partition, offset }) => ({
          topic,
          partition,
          offset: Number(offset),
        }));
      } finally {
        await producer.close(true); // Ends no transaction.
      }
    });
}

function phantomsOf(plan: Plan, topic: string) {
  return Array.from({ length: plan.options.partitions }, (_, partition) => partition).flatMap(
    (partition) => {
      const [device] = plan.devicesOf(partition);
      if (device === undefined) return [];
      const phantom = phantomAggregate(plan, device);
      const value = Buffer.from(encodeAggregate(phantom));
      return [{ topic, partition, key: Buffer.from(phantom.device.id), value }];
    },
  );
}
