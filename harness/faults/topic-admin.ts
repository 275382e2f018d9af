/** What an administrator can do to a topic of the run beneath those who read it. */
import { Admin } from "@platformatic/kafka";
import type { Clock } from "../../simulator/clock.ts";
import { FaultError, orFaultError } from "./fault-error.ts";
import type { TopicAdmin } from "./fault-ports.ts";

const pollMs = 50;
/** A topic that is deleted is gone from the metadata at once, and can be made anew a moment later. */
const createWithinMs = 15_000;
/** A topic is served by all of its partitions a little later than it is said to be made. */
const latest = -1n;

type Options = {
  readonly bootstrap: string;
  /** By the name that scenarios use: `raw`, `aggregated`. */
  readonly topics: Readonly<Record<string, string>>;
  readonly partitions: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** Errors of all: `FaultError`; the signal's reason. */
export function topicAdmin(options: Options): TopicAdmin {
  const { bootstrap, topics, partitions, clock, signal } = options;
  const all = Array.from({ length: partitions }, (_, partition) => partition);

  const at = <T>(target: string, what: string, work: (admin: Admin, name: string) => Promise<T>) =>
    orFaultError(`the topic ${target} was not ${what}`, signal, async () => {
      const name = topics[target];
      if (name === undefined) throw new FaultError(`no topic of the run is called ${target}`);
      const admin = new Admin({ clientId: "fleetproof", bootstrapBrokers: [bootstrap] });
      try {
        return await work(admin, name);
      } finally {
        await admin.close();
      }
    });

  async function endsOf(admin: Admin, name: string): Promise<ReadonlyMap<number, bigint>> {
    const asked = all.map((partitionIndex) => ({ partitionIndex, timestamp: latest }));
    const [found] = await admin.listOffsets({ topics: [{ name, partitions: asked }] });
    const each = found?.partitions ?? [];
    return new Map(each.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
  }

  async function insist<T>(work: () => Promise<T>): Promise<T> {
    const deadlineMs = clock.monotonicMs() + createWithinMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (clock.monotonicMs() > deadlineMs) throw error;
        await clock.sleep(pollMs, signal);
      }
    }
  }

  return {
    ends: (target) => at(target, "asked for its ends", endsOf),
    cut: (target, to) =>
      at(target, "cut", async (admin, name) => {
        const offsets = [...to].map(([partition, offset]) => ({ partition, offset }));
        await admin.deleteRecords({ topics: [{ name, partitions: offsets }] });
      }),
    recreate: (target) =>
      at(target, "made anew", async (admin, name) => {
        await admin.deleteTopics({ topics: [name] });
        const configs = [{ name: "message.timestamp.type", value: "LogAppendTime" }];
        await insist(() =>
          admin.createTopics({ topics: [name], partitions, replicas: 1, configs }),
        );
        await insist(() => endsOf(admin, name));
      }),
  };
}
