/**
 * A fault on a link, whatever its kind: the proxy disturbs it for its time and heals it. It has recovered when the stage
 * at the link's end has gone on with each of its partitions.
 */
import type { FaultKind } from "../../scenario/fault-kinds/fault-catalogue.ts";
import { workOf } from "../../scenario/fault-target.ts";
import type { FaultPorts, Settling, StageProgress } from "../fault-ports.ts";
import { progressOn, untilMoved } from "../stage-recovery.ts";
import { seconds } from "../start-instance.ts";
import type { Toxic } from "./toxic.ts";
import { traceSentence } from "./trace-sentence.ts";

export async function disturbLink(
  step: { readonly kind: FaultKind; readonly target: string; readonly forMs: number },
  toxic: Toxic,
  ports: FaultPorts,
): Promise<Settling> {
  const { kind, target, forMs } = step;
  const { links, clock, signal } = ports;
  const stage = workOf(target);
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  const sinceMs = (): number => clock.monotonicMs() - beganMs;
  const disturbance = links.disturb(target, toxic);
  let before: StageProgress;
  try {
    await clock.sleep(forMs, signal);
    before = await progressOn(stage, undefined, ports);
  } finally {
    await disturbance.end();
  }
  const lastedMs = sinceMs();
  return {
    async report() {
      const moved = await untilMoved(stage, before, ports);
      const recoveredMs = moved ? sinceMs() : null;
      const wentOn = moved
        ? `${stage} went on ${seconds(sinceMs() - lastedMs)} after it`
        : `${stage} did not go on after it`;
      // Asked now: what was late came after the link had healed.
      const seen = traceSentence(toxic, disturbance.trace(), seconds(lastedMs));
      const effect = seen === null ? null : `${seen}; ${wentOn}`;
      return { kind, target, atMs, untilMs: atMs + lastedMs, effect, recoveredMs };
    },
  };
}
