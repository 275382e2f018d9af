/**
 * What the contract suite needs of an adapter beside the port itself, and its small tools. Time is the
 * fixture's: the wall clock of a real broker, or a virtual one that its owner keeps moving.
 */
import { afterAll, afterEach, beforeAll } from "vitest";
import type { Clock } from "../../../../pipeline/clock.ts";
import type { Assignment, Kafka, Membership } from "../../../../pipeline/kafka/port.ts";

export type KafkaFixture = {
  readonly clock: Clock;
  /** A client of its own, with its own connections. The suite closes it. */
  readonly connect: () => Promise<Kafka>;
  /** A new topic (LogAppendTime, delete); returns its name. */
  readonly createTopic: (partitions: number) => Promise<string>;
  /** What retention does: the log of the partition begins at `offset` afterwards (DeleteRecords). */
  readonly cut: (topic: string, partition: number, offset: number) => Promise<void>;
  /** Never given before, on this broker. */
  readonly uniqueName: (prefix: string) => string;
  /** Deletes the topics it made. */
  readonly close: () => Promise<void>;
};

export type Bench = Omit<KafkaFixture, "close"> & {
  /** A member with the shortest session that brokers allow. */
  readonly member: (
    kafka: Kafka,
    of: { readonly group: string; readonly topics: readonly string[] } & MemberVariant,
  ) => Membership;
};

type MemberVariant = {
  readonly groupInstanceId?: string;
  readonly rebalanceTimeoutMs?: number;
};

/** `group.min.session.timeout.ms` of a broker as it comes. */
const sessionTimeoutMs = 6_000;

/** Registers set-up and clean-up with vitest; the bench works within tests only. */
export function contractBench(factory: () => Promise<KafkaFixture>): Bench {
  let fixture: KafkaFixture | undefined;
  let clients: Kafka[] = [];

  const given = (): KafkaFixture => {
    if (fixture === undefined) throw new Error("the bench works within tests only");
    return fixture;
  };
  beforeAll(async () => {
    fixture = await factory();
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    clients = [];
  });
  afterAll(() => fixture?.close());

  async function connect(): Promise<Kafka> {
    const client = await given().connect();
    clients.push(client);
    return client;
  }

  return {
    get clock() {
      return given().clock;
    },
    connect,
    createTopic: (partitions) => given().createTopic(partitions),
    cut: (topic, partition, offset) => given().cut(topic, partition, offset),
    uniqueName: (prefix) => given().uniqueName(prefix),
    member: (kafka, of) =>
      kafka.groups.member({ sessionTimeoutMs, rebalanceTimeoutMs: 20_000, ...of }),
  };
}

/** The signal of a test that interrupts nothing. */
export const unaborted: AbortSignal = new AbortController().signal;

/** For commits without offsets, which speak for no member. */
export const nobody: Assignment = {
  group: "",
  generation: -1,
  memberId: "",
  groupInstanceId: undefined,
  partitions: new Map(),
  revoked: unaborted,
};

/** The code of the `KafkaError` that `work` ends with; "none" when it does not fail. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : `not coded: ${error}`;
  }
}

/** The code of the reason for which the assignment is revoked. Fails with `what` after `ms`. */
export async function revocation(clock: Clock, of: Assignment, ms = 8_000): Promise<string> {
  const { revoked } = of;
  const told = new Promise<void>((resolve) => {
    if (revoked.aborted) resolve();
    else revoked.addEventListener("abort", () => resolve(), { once: true });
  });
  await within(clock, told, ms, "the revocation of an assignment");
  return codeOf(Promise.reject(revoked.reason));
}

/** `work`, or a failure that names `what` when it takes longer than `ms` by the fixture's clock. */
export async function within<T>(
  clock: Clock,
  work: Promise<T>,
  ms: number,
  what: string,
): Promise<T> {
  const done = new AbortController();
  const late = clock.sleep(ms, done.signal).then(() => {
    throw new Error(`${what} took longer than ${ms} ms`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}
