/**
 * Whose turn it is in a partition: once in `every` each of its devices has one, in the order of their phases, and a hot
 * device has one for each reading that it sends meanwhile. Hot path: `indexAt`.
 */
import type { Plan } from "./plan.ts";

export type Turns = {
  /** By turn, in the order of their times. */
  readonly devices: Uint32Array;
  /** Event ms from the beginning of a round. */
  readonly offsets: Float64Array;
  /** The reading that the device of this turn sends in this round. */
  readonly indexAt: (turn: number, round: number) => number;
};

export function turnsOf(plan: Plan, partition: number): Turns {
  const { everyMs } = plan.options;
  const devices = plan.devicesOf(partition);
  if (!devices.some((device) => plan.everyOf(device) < everyMs)) {
    const offsets = Float64Array.from(devices, (device) => plan.phaseOf(device));
    return { devices, offsets, indexAt: (_turn, round) => round };
  }
  const turns = Array.from(devices).flatMap((device) => {
    const each = plan.everyOf(device);
    return Array.from({ length: everyMs / each }, (_, nth) => ({
      device,
      nth,
      offset: plan.phaseOf(device) + nth * each,
      inRound: everyMs / each,
    }));
  });
  turns.sort((a, b) => a.offset - b.offset || a.device - b.device);
  const nths = Float64Array.from(turns, ({ nth }) => nth);
  const inRound = Float64Array.from(turns, (turn) => turn.inRound);
  return {
    devices: Uint32Array.from(turns, ({ device }) => device),
    offsets: Float64Array.from(turns, ({ offset }) => offset),
    indexAt: (turn, round) => round * inRound[turn]! + nths[turn]!,
  };
}
