/**
 * The pauses of every process of a run, by name: its own children as they told them, the servers from their logs of
 * collections, and the harness itself, whose clock is at both ends of every visible latency. Since the run began to be
 * played, until it is read: what a kept stack did before is not in it, nor what the judging does after.
 */
import type { Clock } from "../../../simulator/clock.ts";
import { readGcPauses } from "../../process/pauses/gc-log.ts";
import { startPauseMeter } from "../../process/pauses/pause-meter.ts";
import { createPauseRecord } from "../../process/pauses/pause-record.ts";
import type { PauseSummary } from "../../process/pauses/pause-summary.ts";
import { serverNames } from "../../stack/artifacts.ts";
import type { RunningStack } from "../../stack/running-stack.ts";
import type { ProcessSlots } from "../process-slots.ts";

export type RunPauses = Disposable & {
  readonly read: () => Readonly<Record<string, PauseSummary>>;
};

export function meterPauses(
  { stack, clock }: { readonly stack: RunningStack; readonly clock: Clock },
  slots: Pick<ProcessSlots, "pauses">,
): RunPauses {
  const fromMs = clock.now();
  const own = createPauseRecord();
  const end = startPauseMeter(clock, own.add);
  return {
    read: () => ({
      ...slots.pauses(),
      harness: own.summary(),
      ...Object.fromEntries(
        serverNames.map((server) => {
          const { gcLog } = stack[server];
          return [server, gcLog === undefined ? {} : readGcPauses(gcLog, fromMs)];
        }),
      ),
    }),
    [Symbol.dispose]: end,
  };
}
