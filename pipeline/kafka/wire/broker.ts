/**
 * The way into a cluster: which node leads which partition, and a link to each node per purpose (fetches,
 * produces, coordinators), so that a long poll never stands before a produce.
 * Non-goals: groups, transactions, retries of what was asked; whoever asks decides about those.
 */
import { metadataV12 } from "@platformatic/kafka";
import type { Clock } from "../../clock.ts";
import { brokerCodeName, brokerCodes } from "./error-codes.ts";
import { type Address, type Link, openLink } from "./link.ts";
import { WireError } from "./wire-error.ts";

type TopicMetadata = {
  readonly topic: string;
  readonly partitions: number;
  /** Node id by partition; -1 while there is no leader. */
  readonly leaders: readonly number[];
};

export type Broker = {
  readonly clock: Clock;
  /**
   * Remembered until `forget`. Errors: `WireError` of code `refused` with brokerCode 3 when there is no
   * such topic, 29 when we may not see it; and those of `Link`.
   */
  readonly topic: (topic: string) => Promise<TopicMetadata>;
  /** The leaders of this topic have changed, or may have: the next `topic` asks the cluster. */
  readonly forget: (topic: string) => void;
  /**
   * The same link for the same node and purpose. A purpose whose answers may be slow in coming names its
   * own time-out with its first use. Errors: `WireError` of code `unreachable` for an unknown node.
   */
  readonly link: (node: number, purpose: string, requestTimeoutMs?: number) => Link;
  /** As `link`, for requests that carry batches and answers that are short. */
  readonly leanLink: (node: number, purpose: string) => Link;
  /** To whichever bootstrap server answers: for questions that every broker can answer. */
  readonly any: Link;
  /** Makes a node known that a coordinator lookup named. */
  readonly know: (node: number, address: Address) => void;
  readonly close: () => Promise<void>;
};

export type BrokerOptions = {
  /** `host:port`, several separated by commas. */
  readonly bootstrap: string;
  readonly clientId: string;
  readonly clock: Clock;
  /** How long an answer may take; 30 s. Long polls and group joins must stay below it. */
  readonly requestTimeoutMs?: number;
  /** How long one call may try to connect; 10 s. */
  readonly connectForMs?: number;
};

/** A topic that was just created is unknown to this broker, or without a leader, for some milliseconds. */
const leaderWaitMs = 20;
const unknownAttempts = 25;
const leaderAttempts = 100;
/** Times that one question about the cluster is asked again after a connection broke. */
const metadataAttempts = 3;

/** Asks the cluster for its nodes once, so that a wrong address fails here. Errors: as `Link`. */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const { clock } = options;
  const nodes = new Map<number, Address>();
  const links = new Map<string, Link>();
  const topics = new Map<string, Promise<TopicMetadata>>();
  const open = (
    addresses: readonly Address[],
    { requestTimeoutMs, lean = false }: { requestTimeoutMs?: number | undefined; lean?: boolean },
  ): Link =>
    openLink({
      addresses,
      clientId: options.clientId,
      clock,
      requestTimeoutMs: requestTimeoutMs ?? options.requestTimeoutMs ?? 30_000,
      connectForMs: options.connectForMs ?? 10_000,
      lean,
    });
  const any = open(parseBootstrap(options.bootstrap), {});

  async function ask(topic: string): Promise<TopicMetadata> {
    for (let attempt = 1; ; attempt++) {
      const answer = await metadata([topic]);
      const [found] = answer.topics;
      const error = found?.errorCode ?? brokerCodes.unknownTopicOrPartition;
      const partitions = found?.partitions ?? [];
      const leaders = new Array<number>(partitions.length).fill(-1);
      for (const each of partitions) leaders[each.partitionIndex] = each.leaderId;
      const unknown = error === brokerCodes.unknownTopicOrPartition;
      const waiting = error === brokerCodes.leaderNotAvailable || leaders.includes(-1);
      if ((waiting && attempt < leaderAttempts) || (unknown && attempt < unknownAttempts)) {
        await clock.sleep(leaderWaitMs);
        continue;
      }
      if (error === brokerCodes.none) return { topic, partitions: leaders.length, leaders };
      const what = `topic ${topic}: ${brokerCodeName(error)}`;
      throw new WireError("refused", what, { brokerCode: error });
    }
  }

  async function metadata(names: string[]) {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await any.call(metadataV12.api, [names, false, false]);
        for (const { nodeId, host, port } of answer.brokers) nodes.set(nodeId, { host, port });
        return answer;
      } catch (error) {
        const broke = error instanceof WireError && error.code === "disconnected";
        if (!broke || attempt === metadataAttempts) throw error;
      }
    }
  }

  function topic(name: string): Promise<TopicMetadata> {
    const known = topics.get(name);
    if (known !== undefined) return known;
    const asked = ask(name);
    topics.set(name, asked);
    asked.catch(() => {
      if (topics.get(name) === asked) topics.delete(name);
    });
    return asked;
  }

  function link(
    node: number,
    purpose: string,
    how: { requestTimeoutMs?: number | undefined; lean?: boolean },
  ): Link {
    const address = nodes.get(node);
    if (address === undefined) throw new WireError("unreachable", `no broker has node id ${node}`);
    const name = `${purpose} ${address.host}:${address.port}`;
    const opened = links.get(name) ?? open([address], how);
    links.set(name, opened);
    return opened;
  }

  async function close(): Promise<void> {
    await Promise.all([any, ...links.values()].map((each) => each.close()));
  }

  try {
    await metadata([]);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    clock,
    topic,
    forget: (name) => topics.delete(name),
    link: (node, purpose, requestTimeoutMs) => link(node, purpose, { requestTimeoutMs }),
    leanLink: (node, purpose) => link(node, purpose, { lean: true }),
    any,
    know: (node, address) => nodes.set(node, address),
    close,
  };
}

/** Errors: `WireError` of code `unreachable` for a text that is no list of `host:port`. */
function parseBootstrap(bootstrap: string): Address[] {
  return bootstrap.split(",").map((text) => {
    const match = /^\s*(.+):(\d{1,5})\s*$/.exec(text);
    if (match === null) throw new WireError("unreachable", `"${text}" is not host:port`);
    return { host: match[1]!.replace(/^\[|\]$/g, ""), port: Number(match[2]) };
  });
}
