/** How far the fleet is, from what its workers last said. */
import type { WorkerProgress } from "../../../simulator/worker-protocol.ts";

/** Sums over all workers and their lives: they never fall. */
export type FleetProgress = {
  readonly sends: number;
  readonly acked: number;
  readonly failed: number;
  readonly unknown: number;
  /** p99 of the last quarter second, of the worst worker. */
  readonly sendLagMsP99: number;
  readonly behindMs: number;
};

export function sumProgress(all: readonly WorkerProgress[]): FleetProgress {
  const sum = (of: (progress: WorkerProgress) => number): number =>
    all.reduce((total, progress) => total + of(progress), 0);
  return {
    sends: sum(({ sends }) => sends),
    acked: sum(({ acked }) => acked),
    failed: sum(({ failed }) => failed),
    unknown: sum(({ unknown }) => unknown),
    sendLagMsP99: Math.max(0, ...all.map(({ lateSendsMsP99 }) => lateSendsMsP99)),
    behindMs: Math.max(0, ...all.map(({ behindMs }) => behindMs)),
  };
}
