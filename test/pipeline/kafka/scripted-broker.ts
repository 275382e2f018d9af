/**
 * A cluster of one broker that does as a test says: it stands where `Broker` does, so that the loops above the
 * wire are tried against answers, refusals and lost connections without a server.
 */
import type { Clock } from "../../../pipeline/clock.ts";
import { encodeSubscription } from "../../../pipeline/kafka/consumer-protocol.ts";
import type { Broker } from "../../../pipeline/kafka/wire/broker.ts";
import type { Link } from "../../../pipeline/kafka/wire/link.ts";
import type { ProduceRequest } from "../../../pipeline/kafka/wire/produce.ts";
import { WireError } from "../../../pipeline/kafka/wire/wire-error.ts";

/** Source: Kafka protocol guide, "Api Keys". */
const requestNames = {
  0: "produce",
  10: "find-coordinator",
  11: "join",
  12: "heartbeat",
  13: "leave",
  14: "sync",
  22: "init-producer",
  24: "add-partitions",
  25: "add-offsets",
  26: "end",
  28: "commit-offsets",
} as const satisfies Record<number, string>;

type RequestName = (typeof requestNames)[keyof typeof requestNames];

/** A broker's error code, or how the connection broke: before the request left, or in flight. */
export type Reaction = number | "unreachable" | "disconnected";

type Asked = { readonly request: RequestName; readonly args: readonly unknown[] };

export type ScriptedBroker = {
  readonly broker: Broker;
  readonly asked: readonly Asked[];
  /** The next answers to these requests, in order; afterwards all is well. */
  readonly react: (request: RequestName, ...reactions: readonly Reaction[]) => void;
  /** What was asked, without the search for coordinators. */
  readonly requests: () => readonly RequestName[];
  /** The batches that were produced, repetitions included. */
  readonly sent: () => readonly { readonly partition: number; readonly bytes: Buffer }[];
};

export function scriptedBroker(clock: Clock): ScriptedBroker {
  const asked: Asked[] = [];
  const script = new Map<RequestName, Reaction[]>();

  async function call(api: { readonly key: number }, args: readonly unknown[]): Promise<unknown> {
    const request = requestNames[api.key as keyof typeof requestNames];
    asked.push({ request, args: structuredClone(args) });
    const reaction = script.get(request)?.shift() ?? 0;
    if (typeof reaction === "string") throw new WireError(reaction, `scripted: ${reaction}`);
    return answers[request](reaction, args);
  }

  const link: Link = { call: call as Link["call"], close: async () => undefined };
  const broker: Broker = {
    clock,
    topic: async (topic) => ({ topic, partitions: 8, leaders: new Array(8).fill(1) }),
    forget: () => undefined,
    link: () => link,
    leanLink: () => link,
    any: link,
    know: () => undefined,
    close: async () => undefined,
  };
  return {
    broker,
    asked,
    react: (request, ...reactions) => script.set(request, [...reactions]),
    requests: () =>
      asked.map(({ request }) => request).filter((request) => request !== "find-coordinator"),
    sent: () =>
      asked
        .filter(({ request }) => request === "produce")
        .flatMap(({ args }) => (args[0] as ProduceRequest).batches)
        .map(({ partition, bytes }) => ({ partition, bytes: Buffer.from(bytes) })),
  };
}

const plain = (errorCode: number): unknown => ({ throttleTimeMs: 0, errorCode });

/** As the library parses them, as far as anybody here looks. */
const answers: Record<RequestName, (errorCode: number, args: readonly unknown[]) => unknown> = {
  produce: (errorCode, [request]) =>
    (request as ProduceRequest).batches.map(({ partition }) => {
      return { partition, errorCode, baseOffset: 0, logAppendTime: 0 };
    }),
  "find-coordinator": (errorCode) => ({
    coordinators: [{ key: "", nodeId: 1, host: "", port: 0, errorCode, errorMessage: null }],
  }),
  heartbeat: plain,
  // Whoever joins is the only member, leads, and is given what it decides.
  join: (errorCode) => ({
    errorCode,
    generationId: 4,
    memberId: "given-id",
    leader: "given-id",
    skipAssignment: false,
    members: [{ memberId: "given-id", metadata: encodeSubscription(["in"]) }],
  }),
  sync: (errorCode, args) => {
    const [first] = args[6] as readonly { readonly assignment: Buffer }[];
    return { errorCode, assignment: first?.assignment };
  },
  leave: plain,
  "init-producer": (errorCode) => ({ errorCode, producerId: 7n, producerEpoch: 3 }),
  "add-partitions": (partitionErrorCode) => ({
    resultsByTransaction: [{ topicResults: [{ resultsByPartition: [{ partitionErrorCode }] }] }],
  }),
  "add-offsets": plain,
  "commit-offsets": (errorCode) => ({ topics: [{ partitions: [{ errorCode }] }] }),
  end: plain,
};
