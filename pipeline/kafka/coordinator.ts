/**
 * The broker that keeps a group or a transactional id: found, asked, and looked for again when it has moved.
 * Source: Kafka protocol guide, FindCoordinator (version 4).
 */
import { type API, findCoordinatorV4 } from "@platformatic/kafka";
import { fromWire, refusedBy } from "./kafka-error.ts";
import { type Attempt, ask } from "./patience.ts";
import { KafkaError } from "./port.ts";
import type { Broker } from "./wire/broker.ts";
import { brokerCodes } from "./wire/error-codes.ts";
import type { Link } from "./wire/link.ts";
import { WireError } from "./wire/wire-error.ts";

export type CoordinatorOptions = {
  readonly kind: "group" | "transaction";
  /** Group or transactional id. */
  readonly key: string;
  /** Whose link it uses: a call that waits long must not stand before others. */
  readonly purpose: string;
  readonly requestTimeoutMs?: number;
};

export type Question<Arguments extends unknown[], Answer> = {
  /** Begins the sentence of an error: "commit of group x". */
  readonly what: string;
  readonly api: API<Arguments, Answer>;
  readonly args: Arguments;
  /** The error code within the answer, 0 when there is none. */
  readonly codeOf: (answer: Answer) => number;
  /** How long to ask again while the coordinator moves, loads, or answers one of `retriable`. */
  readonly forMs: number;
  readonly retriable?: readonly number[];
  /** Whether asking twice does no harm, so that it is asked again after a broken connection. */
  readonly repeatable: boolean;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Asks the coordinator. The answer may still carry an error code, which is the caller's to judge.
 * Errors: `KafkaError` (`unavailable` is indefinite when the question may have been heard).
 */
export type Coordinator = <Arguments extends unknown[], Answer>(
  question: Question<Arguments, Answer>,
) => Promise<Answer>;

/** CONCURRENT_TRANSACTIONS ends within milliseconds: the markers of the transaction before are being written. */
const firstWaitMs = 2;
const maxWaitMs = 200;

export function openCoordinator(broker: Broker, options: CoordinatorOptions): Coordinator {
  const { kind, key, purpose, requestTimeoutMs } = options;
  const { clock } = broker;
  let node: number | undefined;

  async function find(): Promise<Attempt<number>> {
    if (node !== undefined) return { answer: node };
    const answer = await broker.any.call(findCoordinatorV4.api, [kind === "group" ? 0 : 1, [key]]);
    const [found] = answer.coordinators;
    const code = found?.errorCode ?? brokerCodes.coordinatorNotAvailable;
    const refused = refusedBy(code, `coordinator of ${kind} ${key}`);
    if (moving.includes(code)) return { again: refused };
    if (found === undefined || code !== brokerCodes.none) throw refused;
    broker.know(found.nodeId, { host: found.host, port: found.port });
    node = found.nodeId;
    return { answer: node };
  }

  async function attempt<Arguments extends unknown[], Answer>(
    question: Question<Arguments, Answer>,
  ): Promise<Attempt<Answer>> {
    try {
      const found = await abandonable(find(), question.signal);
      if ("again" in found) return found;
      const link: Link = broker.link(found.answer, purpose, requestTimeoutMs);
      const answer = await link.call(question.api, question.args, question.signal);
      const code = question.codeOf(answer);
      if (moving.includes(code)) node = undefined;
      else if (!question.retriable?.includes(code)) return { answer };
      return { again: refusedBy(code, question.what) };
    } catch (error) {
      node = undefined;
      const translated = fromWire(error, question.what);
      const heard = error instanceof WireError && error.code === "disconnected";
      const again =
        translated instanceof KafkaError &&
        translated.code === "unavailable" &&
        (question.repeatable || !heard);
      if (again) return { again: translated };
      throw translated;
    }
  }

  return (question) => {
    const { forMs, signal } = question;
    return ask({ clock, forMs, firstWaitMs, maxWaitMs, signal }, () => attempt(question));
  };
}

/** Stops waiting when the signal says so, without closing the connection that others share. */
async function abandonable<Answer>(asked: Promise<Answer>, signal: AbortSignal | undefined) {
  if (signal === undefined) return asked;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([asked, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

const moving: readonly number[] = [
  brokerCodes.coordinatorLoadInProgress,
  brokerCodes.coordinatorNotAvailable,
  brokerCodes.notCoordinator,
];
