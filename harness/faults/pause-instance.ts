/**
 * `pause`: SIGSTOP, as a machine that swaps or a hypervisor that steals time would. Another instance is started at
 * once, as an orchestrator would; it takes over when the group has evicted the stopped one. After SIGCONT the
 * zombie believes it still owns its partitions: it must be fenced, and join anew.
 */
import { stageOf } from "../scenario/fault-target.ts";
import type { FaultPorts, Settling, StageProgress } from "./fault-ports.ts";
import type { FaultReport } from "./fault-report.ts";
import {
  hasMoved,
  ofSlot,
  partitionsOf,
  progressOn,
  standstill,
  untilMoved,
  within,
} from "./stage-recovery.ts";
import { count, seconds } from "./start-instance.ts";
import { handedOver, ownersOf } from "./stop-instance.ts";

const pollMs = 250;

export type PauseOptions = {
  readonly target: string;
  readonly forMs: number;
  /** The instance that is started in its place, and stays. */
  readonly standIn: string;
};

/** What was seen while it stood still; milliseconds since SIGSTOP. */
type Watched = {
  evictedMs: number | undefined;
  movedMs: number | undefined;
  takers: readonly string[];
};

export async function pauseInstance(options: PauseOptions, ports: FaultPorts): Promise<Settling> {
  const { target, forMs, standIn } = options;
  const { instances, clock } = ports;
  const held = await partitionsOf(target, ports);
  const ids = ofSlot(await ports.membersOf(target), target).map(({ id }) => id);
  const atMs = ports.sinceLoadMs();
  const stoppedMs = clock.monotonicMs();
  const seen = await instances.suspend(target);
  const sinceMs = (): number => clock.monotonicMs() - stoppedMs;
  let served = false;
  const starting = instances.start(standIn).then((up) => {
    served = up;
  });
  starting.catch(() => undefined); // Told below, once the target goes on.
  const watched: Watched = { evictedMs: undefined, movedMs: undefined, takers: [] };
  let before: StageProgress;
  try {
    before = await standstill(target, held, ports);
    while (sinceMs() < forMs) {
      await look();
      await clock.sleep(Math.max(1, Math.min(pollMs, forMs - sinceMs())), ports.signal);
    }
  } finally {
    instances.resume(target);
  }
  const pausedMs = sinceMs();
  await starting;
  return { report };

  async function look(): Promise<void> {
    const members = await ports.membersOf(target);
    const isMember = members.some(({ id }) => ids.includes(id));
    if (!isMember && ids.length > 0) watched.evictedMs ??= sinceMs();
    if (watched.evictedMs === undefined) return;
    if (watched.takers.length === 0) {
      watched.takers = ownersOf(target, held ?? [], ids, members);
    }
    const now = await progressOn(target, held, ports);
    if (hasMoved(before, now, served)) watched.movedMs ??= sinceMs();
  }

  async function report(): Promise<FaultReport> {
    const moved = watched.movedMs !== undefined || (await untilMoved(target, before, ports));
    const recoveredMs = moved ? (watched.movedMs ?? sinceMs()) : null;
    const effect = seen ? `${stood(pausedMs)}; ${await comeback()}` : null;
    const untilMs = atMs + pausedMs;
    return { kind: "pause", target, atMs, untilMs, effect, recoveredMs };
  }

  function stood(ms: number): string {
    const beside = served ? "was started beside it" : "did not come up beside it";
    return `${target} stood still for ${seconds(ms)} (SIGSTOP), ${standIn} ${beside}`;
  }

  async function comeback(): Promise<string> {
    if (watched.evictedMs === undefined) {
      return `the group of ${stageOf(target)} did not evict it in that time: no zombie came of it`;
    }
    const evicted = `its group evicted it after ${seconds(watched.evictedMs)}, ${handedOver(held, watched.takers)}`;
    let partitions = 0;
    const rejoined = await within(ports, async () => {
      const anew = ofSlot(await ports.membersOf(target), target);
      partitions = anew.reduce((sum, member) => sum + member.partitions.length, 0);
      return anew.length > 0 && anew.every(({ id }) => !ids.includes(id)) && partitions > 0;
    });
    return rejoined
      ? `${evicted}; gone on, it had to join anew and was given ${count(partitions, "partition")}`
      : `${evicted}; gone on, it never got partitions again`;
  }
}
