/** One fault step when its time has come: waits for its target, does it, and reports what became of it. */

import type { FaultKind, FaultStep } from "../scenario/fault-kinds/fault-catalogue.ts";
import { isOfProcess, stageOf } from "../scenario/fault-target.ts";
import { readersOf } from "./delete-records.ts";
import type { FaultPorts, Settling } from "./fault-ports.ts";
import type { FaultReport } from "./fault-report.ts";
import { inputPlayers } from "./players/input-players.ts";
import { networkPlayers } from "./players/network-players.ts";
import type { Player, Players } from "./players/player.ts";
import { processPlayers } from "./players/process-players.ts";
import { serverPlayers } from "./players/server-players.ts";
import { standingPartitions } from "./standing-partitions.ts";
import type { TargetLocks } from "./target-locks.ts";

export type PlayPorts = FaultPorts & {
  readonly locks: TargetLocks;
  /** The next free slot of the target's stage. */
  readonly standInFor: (target: string) => string;
  /** Every instance of the target's stage that a step of the scenario touches. */
  readonly matesOf: (target: string) => readonly string[];
  /**
   * A step that had to wait for its target is done late rather than not at all: what it disturbs is drained before
   * anything is judged. Not so for a worker after the load, nor in a run that is being broken off.
   */
  readonly isTooLate: (target: string) => boolean;
  /** A line that stays on the live view. */
  readonly say: (line: string) => void;
};

/** Errors: those of the ports; an instance that does not start again is one. */
export async function playFault(step: FaultStep, ports: PlayPorts): Promise<FaultReport> {
  const { kind, target } = step;
  const { locks } = ports;
  const isProcess = isOfProcess(kind, target);
  const standIn = kind === "pause" && isProcess ? [ports.standInFor(target)] : [];
  // Whoever is to go on for one that is stopped must have come up before.
  const mates = kind === "stop" ? ports.matesOf(target) : [];
  // What stands still until its records are cut is nobody else's meanwhile.
  const readers = kind === "delete-records" ? readersOf(target, ports) : [];
  const settling = await locks.hold([target, ...standIn, ...mates, ...readers], async () => {
    const why = whyNot(step, ports);
    if (why === undefined) return disturb(step, standIn[0] ?? target, ports);
    ports.say(`${kind} of ${target} was not done: ${why}`);
    return undone(step, ports);
  });
  const report = await settling.report();
  const stood = await standingPartitions(report, ports);
  return stood.length === 0 ? report : { ...report, stood };
}

/** A step that was never done has no effect. */
export function undone({ kind, target, atMs }: FaultStep, ports?: FaultPorts): Settling {
  const at = ports?.sinceLoadMs() ?? atMs;
  const nothing = { untilMs: null, effect: null, recoveredMs: null };
  return { report: async () => ({ kind, target, atMs: at, ...nothing }) };
}

function whyNot({ kind, target }: FaultStep, ports: PlayPorts): string | undefined {
  if (ports.isTooLate(target)) return "the load was over when its turn came";
  if (!isOfProcess(kind, target)) return undefined;
  const runs = ports.instances.isRunning(target);
  if (kind === "start") return runs ? "it runs already" : undefined;
  return runs ? undefined : `no ${stageOf(target)} runs under that name`;
}

const players: Players<FaultKind> = {
  ...processPlayers,
  ...networkPlayers,
  ...serverPlayers,
  ...inputPlayers,
};

/** The table has for each kind the player of its own steps, which TypeScript cannot see through the union. */
function disturb(step: FaultStep, standIn: string, ports: FaultPorts): Promise<Settling> {
  const play = players[step.kind] as Player<FaultKind>;
  return play(step as never, ports, standIn);
}
