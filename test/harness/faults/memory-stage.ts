/** A stage with a consumer group in virtual time: instances that fold, die, stand still, and hand partitions over. */
import type { FaultPorts, GroupMember } from "../../../harness/faults/fault-ports.ts";
import type { ToxicTrace } from "../../../harness/faults/network/toxic.ts";
import type { PlayPorts } from "../../../harness/faults/play-fault.ts";
import { createTargetLocks } from "../../../harness/faults/target-locks.ts";
import { slotOf } from "../../../harness/scenario/fault-target.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

type Instance = {
  state: "running" | "suspended" | "dead";
  exit: string | undefined;
  /** Undefined: no member of the group. */
  id: string | undefined;
  silentSinceMs: number;
};

export type StageOptions = {
  /** An instance is ready so long after it was started. */
  readonly startMs?: number;
  readonly sessionTimeoutMs?: number;
  /** Left out of what goes wrong, each planted by a test. */
  readonly plant?: Partial<FaultPorts["instances"]>;
  /** Nothing is left to do. */
  readonly idle?: boolean;
  /** After a kill nobody folds any more. */
  readonly stuckAfterKill?: boolean;
  /** Of a server that was stopped. */
  readonly standsStill?: boolean;
  readonly neverGoesOn?: boolean;
  /** How many refuse writes; 2 unless said. */
  readonly indices?: number;
  /** A second producer's write is taken. */
  readonly zombieWrites?: boolean;
  /** How far beyond what was read the topic reaches when it is cut; 0: nothing is unread. */
  readonly unread?: number;
  /** What a disturbed link has seen. */
  readonly trace?: ToxicTrace;
  readonly failures?: (target: string) => readonly string[];
  readonly restartDoesNothing?: boolean;
  readonly dropsNobody?: boolean;
  /** The job fails on a poison: nobody folds until it is moved behind it. */
  readonly stuckOnPoison?: boolean;
  /** The group gives a new instance nothing. */
  readonly givesNothing?: boolean;
};

const partitionCount = 4;
/** Elasticsearch looks at its disk now and then. */
const diskSeenAtMs = 12_000;
const tickMs = 100;

export function memoryStage(options: StageOptions = {}) {
  const { startMs = 1_000, sessionTimeoutMs = 10_000 } = options;
  const clock = createVirtualClock(0);
  const end = new AbortController();
  const instances = new Map<string, Instance>();
  const done = new Array<bigint>(partitionCount).fill(0n);
  const said: string[] = [];
  let ids = 0;
  let stuck = false;
  let recreated = false;
  let loadOver = false;
  let hopeless = false;
  let generation = 3;
  const did: string[] = [];

  const members = (): [string, Instance][] =>
    [...instances].filter(([, { id }]) => id !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  const ownerOf = (partition: number): Instance | undefined => {
    const all = options.givesNothing ? members().slice(0, 1) : members();
    return all[partition % Math.max(1, all.length)]?.[1];
  };

  function join(name: string): void {
    instances.set(name, {
      state: "running",
      exit: undefined,
      id: `${name}#${ids++}`,
      silentSinceMs: 0,
    });
  }

  async function start(name: string): Promise<boolean> {
    await clock.sleep(startMs, end.signal);
    join(name);
    return true;
  }

  function quiet(name: string, state: "suspended" | "dead", exit?: string): void {
    const instance = instances.get(name);
    if (instance === undefined) throw new Error(`There is no ${name}.`);
    Object.assign(instance, { state, exit, silentSinceMs: clock.monotonicMs() });
  }

  async function world(): Promise<void> {
    while (!end.signal.aborted) {
      await clock.sleep(tickMs, end.signal).catch(() => undefined);
      for (const [, one] of members()) {
        const silentMs = clock.monotonicMs() - one.silentSinceMs;
        if (one.state !== "running" && silentMs >= sessionTimeoutMs) one.id = undefined;
      }
      if (options.idle || stuck) continue;
      for (let partition = 0; partition < partitionCount; partition++) {
        if (ownerOf(partition)?.state === "running") done[partition]! += 1n;
      }
    }
  }

  const membersOf = async (): Promise<readonly GroupMember[]> =>
    members().map(([name, one]) => ({
      id: one.id!,
      slot: slotOf(name),
      partitions: done.flatMap((_, partition) => (ownerOf(partition) === one ? [partition] : [])),
    }));

  const ports: PlayPorts = {
    instances: {
      isRunning: (name) => instances.get(name)?.state === "running",
      async kill(name) {
        quiet(name, "dead", "signal SIGKILL");
        stuck = options.stuckAfterKill ?? false;
      },
      async crash(name, point) {
        if (point === "never-passed") return false;
        await clock.sleep(2_000, end.signal);
        quiet(name, "dead", "signal SIGKILL");
        return true;
      },
      restart: start,
      start,
      async stop(name) {
        quiet(name, "dead", "exit code 0");
        instances.get(name)!.id = undefined;
      },
      async suspend(name) {
        quiet(name, "suspended");
        return true;
      },
      resume(name) {
        const instance = instances.get(name)!;
        instance.state = "running";
        instance.id ??= `${name}#${ids++}`;
      },
      lastExit: (name) => instances.get(name)?.exit,
      async startAhead(name, byMs) {
        did.push(`start ${name} ${byMs} ms ahead`);
        return start(name);
      },
      running: () =>
        [...instances].flatMap(([name, one]) => (one.state === "running" ? [name] : [])),
      ...options.plant,
    },
    progressOf: async () =>
      new Map(done.map((at, partition) => [partition, { done: at, idle: options.idle ?? false }])),
    membersOf,
    async dropMembers(_, dropped) {
      if (options.dropsNobody) return;
      for (const [name, one] of members()) {
        if (one.id !== undefined && dropped.includes(one.id)) one.id = `${name}#${ids++}`;
      }
    },
    servers: {
      async suspend(name) {
        did.push(`stop ${name}`);
        stuck = true;
        return options.standsStill ?? true;
      },
      resume(name) {
        did.push(`continue ${name}`);
        stuck = options.neverGoesOn ?? false;
      },
      async restart(name, how) {
        did.push(`${how} ${name}`);
        stuck = true;
        await clock.sleep(startMs, end.signal);
        stuck = options.neverGoesOn ?? false;
        return { endedMs: 100, answeredMs: startMs };
      },
    },
    indices: {
      async refuseWrites() {
        stuck = true;
        return options.indices ?? 2;
      },
      async allowWrites() {
        did.push("allow writes");
        stuck = false;
      },
      async fillDisk() {
        did.push("fill the disk");
        stuck = true;
      },
      blockedByDisk: async () => (clock.monotonicMs() < diskSeenAtMs ? 0 : (options.indices ?? 2)),
      async emptyDisk() {
        did.push("empty the disk");
        stuck = options.neverGoesOn ?? false;
      },
    },
    topics: {
      nameOf: (target) => `r.${target}`,
      ends: async () => {
        const unread = recreated ? 0n : BigInt(options.unread ?? 5);
        return new Map(done.map((at, partition) => [partition, recreated ? 0n : at + unread]));
      },
      async cut(target) {
        did.push(`cut ${target}`);
        stuck = options.failures !== undefined;
      },
      async recreate(target) {
        did.push(`recreate ${target}`);
        recreated = options.restartDoesNothing !== true;
      },
    },
    openZombie: async (target) => ({
      async write() {
        did.push(`second ${target} writes`);
        return options.zombieWrites ? undefined : "The producer epoch is fenced";
      },
      async [Symbol.asyncDispose]() {
        did.push("second producer is gone");
      },
    }),
    links: {
      disturb(link, { kind }) {
        did.push(`${kind} ${link}`);
        stuck = kind === "cut";
        return {
          trace: () => options.trace ?? { bytes: 4_096, connections: 2, hits: 3 },
          async end() {
            did.push(`heal ${link}`);
            stuck = options.neverGoesOn ?? false;
          },
        };
      },
    },
    jobs: {
      targets: ["job-elasticsearch", "job-cassandra"],
      failures: async (target) => options.failures?.(target) ?? [],
      expectFailures() {
        did.push("expect failures");
        return () => void did.push("expect none");
      },
      async moveBehind(target, ...places) {
        const all = places.map(({ partition, offset }) => `${partition}/${offset}`).join(", ");
        did.push(`move ${target} behind ${all}`);
        stuck = false;
      },
      async restart(target) {
        did.push(`restart ${target}`);
        if (options.restartDoesNothing) return;
        for (const [name, one] of members()) one.id = `${name}#${ids++}`;
      },
    },
    openStranger: () => ({
      async join() {
        stuck = true;
        did.push("join");
        return { partitions: options.givesNothing ? 0 : 2, generation: ++generation };
      },
      async leave() {
        generation++;
        stuck = false;
        did.push("leave");
      },
      async [Symbol.asyncDispose]() {
        did.push("gone");
      },
    }),
    async poison(target, form) {
      stuck = options.stuckOnPoison ?? false;
      return { topic: `r.${target}`, partition: 1, offset: Number(done[1]), as: form };
    },
    async phantom() {
      stuck = options.stuckOnPoison ?? false;
      return [1, 3].map((partition) => ({
        topic: "r",
        partition,
        offset: Number(done[partition]),
      }));
    },
    async herd(forMs) {
      await clock.sleep(forMs, end.signal);
      return [{ heldMs: forMs, sends: options.idle ? 0 : 3_000, tookMs: 500 }];
    },
    clock,
    sinceLoadMs: () => clock.monotonicMs(),
    hopeless: () => hopeless,
    signal: end.signal,
    locks: createTargetLocks(),
    standInFor: () => "aggregator-7",
    matesOf: () => ["aggregator-0", "aggregator-1"],
    isTooLate: () => loadOver,
    say: (line) => void said.push(line),
  };

  join("aggregator-0");
  void world();
  return {
    ports,
    said,
    did,
    clock,
    join,
    instances,
    endLoad: () => {
      loadOver = true;
    },
    giveUp: () => {
      hopeless = true;
    },
    /** In virtual time; ends the world afterwards. */
    async play<T>(work: Promise<T>): Promise<T> {
      try {
        return await clock.runUntil(work, 600_000);
      } finally {
        end.abort(new Error("the world ended"));
        await clock.settle();
      }
    },
  };
}
