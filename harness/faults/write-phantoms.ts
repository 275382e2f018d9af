/**
 * `phantom`: aggregates in a transaction that is aborted, at once or (`hang`) by the broker when its time is over. Nobody
 * may read them; what is behind them in their partitions waits as long as they are undecided. It has recovered when both
 * jobs are past all of them.
 */
import type { RecordPlace } from "../facts/run-record.ts";
import type { FaultPorts, Settling } from "./fault-ports.ts";
import type { PhantomForm } from "./phantom-producer.ts";
import { isPastRecord } from "./poison-topic.ts";
import { within } from "./stage-recovery.ts";
import { seconds } from "./start-instance.ts";

export async function writePhantoms(
  step: { readonly target: string; readonly as?: string | undefined },
  ports: FaultPorts,
): Promise<Settling> {
  const { target } = step;
  const { clock, jobs } = ports;
  const form = (step.as ?? "abort") as PhantomForm;
  const places = await ports.phantom(form);
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  const isPast = async (): Promise<boolean> => {
    for (const job of jobs.targets) {
      for (const place of places) if (!(await isPastRecord(job, place, ports))) return false;
    }
    return true;
  };
  return {
    async report() {
      const arePast = await within(ports, isPast);
      const recoveredMs = arePast ? clock.monotonicMs() - beganMs : null;
      const untilMs = recoveredMs === null ? null : atMs + recoveredMs;
      const said = recoveredMs === null ? "not in time" : `after ${seconds(recoveredMs)}`;
      const what = form === "abort" ? "aborted" : "left open for the broker to abort";
      const effect =
        `${places.length} aggregates were written and ${what}: ${listed(places)}; ` +
        `${jobs.targets.join(" and ")} went past them ${said}`;
      return {
        kind: "phantom",
        target,
        atMs,
        untilMs,
        effect: places.length > 0 ? effect : null,
        recoveredMs,
      };
    },
  };
}

const shownMost = 3;

function listed(places: readonly RecordPlace[]): string {
  const shown = places.slice(0, shownMost).map((at) => `partition ${at.partition} at ${at.offset}`);
  return `${shown.join(", ")}${places.length > shownMost ? ", …" : ""}`;
}
