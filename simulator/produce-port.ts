/** The hot producer's way to a real cluster: raw Produce requests of one topic over the wire's own connections. */
import { type Broker, connectBroker } from "../pipeline/kafka/wire/broker.ts";
import { brokerCodes } from "../pipeline/kafka/wire/error-codes.ts";
import { initProducer, produce } from "../pipeline/kafka/wire/produce.ts";
import { WireError } from "../pipeline/kafka/wire/wire-error.ts";
import type { Clock } from "./clock.ts";
import type { ProducePort } from "./hot-producer.ts";

/** Well below the producer's deadline, so that a request without an answer can still be tried again. */
const requestTimeoutMs = 10_000;
const replicasTimeoutMs = 8_000;

/** Errors: `WireError` when no broker answers. */
export async function connectProducePort(options: {
  readonly bootstrap: string;
  readonly topic: string;
  readonly clientId: string;
  readonly clock: Clock;
}): Promise<ProducePort> {
  const { bootstrap, topic, clientId, clock } = options;
  const broker: Broker = await connectBroker({ bootstrap, clientId, clock, requestTimeoutMs });
  return {
    produce: async (batches) => {
      try {
        return await produce(broker, { topic, batches, timeoutMs: replicasTimeoutMs });
      } catch (error) {
        const errorCode = beforeSending(error);
        return batches.map(() => ({ errorCode, baseOffset: -1 }));
      }
    },
    initProducer: () => initProducer(broker),
    close: () => broker.close(),
  };
}

/** `produce` throws only where it asks for the leaders, before anything is sent: that may pass. Else rethrown. */
function beforeSending(error: unknown): number {
  if (!(error instanceof WireError)) throw error;
  if (error.code === "unreachable" || error.code === "disconnected") {
    return brokerCodes.leaderNotAvailable;
  }
  if (error.code === "refused" && error.brokerCode !== undefined) return error.brokerCode;
  throw error;
}
