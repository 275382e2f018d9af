/**
 * The order of a run's replays: those under load are begun at their times and ended with the run's final scans; those
 * at rest follow, one after the other. An interrupted run, or one in trouble, or that stands still, is judged as far as
 * it came: what was not begun by then is left out.
 */
import type { ReplayRecord } from "../../facts/run-record.ts";
import type { StoreScan } from "../../observe/store-scan.ts";
import { type NumberedStep, numberSteps } from "../../replay/numbered-steps.ts";
import type { StoreName } from "../../scenario/scenario.ts";
import type { LiveStatus } from "../live-status.ts";
import type { RunContext } from "../run-context.ts";
import { attemptReplay, type ReplayParts } from "./replay-parts.ts";

export type Scans = ReadonlyMap<StoreName, StoreScan>;

/** Ends a replay that was begun under load, when its jobs have come to the end. */
type EndReplay = (scans: Scans) => Promise<readonly ReplayRecord[]>;

export type ReplayPlayers = {
  readonly beginUnderLoad: (step: NumberedStep) => Promise<EndReplay>;
  readonly playAtRest: (step: NumberedStep, scans: Scans) => Promise<readonly ReplayRecord[]>;
};

type ReplayUnderLoad = {
  /** After the load began. */
  readonly atMs: number;
  /** Begins it; a run that is broken off ends it in silence. Must have settled before the final drain. */
  readonly play: () => Promise<void>;
};

export type Replays = {
  readonly underLoad: readonly ReplayUnderLoad[];
  /** After the final drain and scans, and when the observer has put the topics on file. */
  readonly finish: (scans: Scans) => Promise<readonly ReplayRecord[]>;
};

export function sequenceReplays(
  context: Pick<RunContext, "interrupted" | "signal"> & {
    readonly scenario: Pick<RunContext["scenario"], "replay">;
  },
  parts: Pick<ReplayParts, "troubles" | "stalls"> & { readonly status: Pick<LiveStatus, "phase"> },
  players: ReplayPlayers,
): Replays {
  const { interrupted, scenario, signal } = context;
  const { troubles, stalls, status } = parts;
  const steps = numberSteps(scenario.replay);
  const ends = new Map<NumberedStep, EndReplay>();
  const isOver = (): boolean => troubles.sentences.length > 0 || stalls.length > 0;

  async function begin(step: NumberedStep): Promise<void> {
    if (isOver()) return;
    const work = (): Promise<EndReplay> => players.beginUnderLoad(step);
    const end = await attemptReplay(troubles, step.mode, signal, work).catch((error: unknown) => {
      if (!signal.aborted) throw error; // The signal tells the run by itself.
    });
    if (end !== undefined) ends.set(step, end);
  }

  async function finishOne(step: NumberedStep, scans: Scans): Promise<readonly ReplayRecord[]> {
    const end = ends.get(step);
    if (isOver() || (end === undefined && interrupted.aborted)) return [];
    if (end === undefined && step.atMs !== undefined) {
      troubles.note(`the replay (${step.mode}) did not take place: the load had ended before it`);
      return [];
    }
    status.phase("replay", step.mode);
    const work = (): Promise<readonly ReplayRecord[]> =>
      end === undefined ? players.playAtRest(step, scans) : end(scans);
    const records = (await attemptReplay(troubles, step.mode, signal, work)) ?? [];
    const { atMs } = step;
    return atMs === undefined ? records : records.map((record) => ({ ...record, atMs }));
  }

  return {
    underLoad: steps.flatMap((step) =>
      step.atMs === undefined ? [] : [{ atMs: step.atMs, play: () => begin(step) }],
    ),
    async finish(scans) {
      const records: ReplayRecord[] = [];
      const isAtRest = ({ atMs }: NumberedStep): boolean => atMs === undefined;
      const underLoad = steps.filter((step) => !isAtRest(step));
      for (const step of [...underLoad, ...steps.filter(isAtRest)]) {
        records.push(...(await finishOne(step, scans)));
      }
      return records;
    },
  };
}
