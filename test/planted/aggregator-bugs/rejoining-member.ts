/**
 * A member that rejoins by itself as soon as its group rebalances, as a consumer's poll does, and
 * tells its job only after the commit that follows: until then the job works on partitions that
 * have gone to another.
 */
import {
  type Assignment,
  type Kafka,
  KafkaError,
  type Membership,
} from "../../../pipeline/kafka/port.ts";
import { onOpen, onRequest } from "../wrap-kafka.ts";

/** Fetches after which the job is told at the latest: without news it never commits. */
const patience = 4;

/**
 * `speakAs`: who a commit says it is, of the assignment it works on and the one that the group has
 * given since.
 */
export function withRejoiningMember(
  kafka: Kafka,
  speakAs: (held: Assignment, live: Assignment) => Assignment,
): Kafka {
  const seat = createSeat();
  const rejoining: Kafka = {
    ...kafka,
    groups: { ...kafka.groups, member: (options) => seat.take(kafka.groups.member(options)) },
  };
  const fetching = onRequest(rejoining, (request) => {
    seat.fetched();
    return request;
  });
  return onOpen(fetching, (producer) => ({
    ...producer,
    commit: async (assignment, ...rest) => {
      await producer.commit(speakAs(assignment, seat.live() ?? assignment), ...rest);
      seat.committed();
    },
  }));
}

function createSeat() {
  /** What the job works on, and what the group has given since. */
  let held: Assignment | undefined;
  let live: Assignment | undefined;
  let told = new AbortController();
  let fetches = 0;

  function tell(): void {
    const message = "the group has shared its partitions out anew";
    told.abort(new KafkaError("rebalance", message, { definite: true }));
  }

  function watch(member: Membership, { revoked }: Assignment, signal: AbortSignal): void {
    const rejoin = (): void => {
      const { reason } = revoked;
      if (!(reason instanceof KafkaError) || reason.code !== "rebalance") {
        told.abort(reason);
        return;
      }
      member.next(signal).then(
        (newer) => {
          live = newer;
          fetches = 0;
          watch(member, newer, signal);
        },
        (error: unknown) => told.abort(error),
      );
    };
    if (revoked.aborted) rejoin();
    else revoked.addEventListener("abort", rejoin, { once: true });
  }

  return {
    live: () => live,
    fetched: () => {
      fetches += 1;
      if (held !== live && fetches > patience) tell();
    },
    committed: () => {
      if (held !== live) tell();
    },
    take: (member: Membership): Membership => ({
      ...member,
      next: async (signal) => {
        if (live === undefined || held === live) {
          live = await member.next(signal);
          watch(member, live, signal);
        }
        held = live;
        told = new AbortController();
        const isEmpty = [...held.partitions.values()].every((each) => each.length === 0);
        // With nothing to read there is no commit to wait for.
        return { ...held, revoked: isEmpty ? held.revoked : told.signal };
      },
    }),
  };
}
