/** A fault on a link, whatever its kind: the proxy disturbs it for its time and heals it. */
import type { FaultKind } from "../../scenario/fault-kinds/fault-catalogue.ts";
import type { FaultPorts, Settling } from "../fault-ports.ts";
import { playLasting } from "../lasting-fault.ts";
import { seconds } from "../start-instance.ts";
import type { Toxic } from "./toxic.ts";
import { traceSentence } from "./trace-sentence.ts";

export async function disturbLink(
  step: { readonly kind: FaultKind; readonly target: string; readonly forMs: number },
  toxic: Toxic,
  ports: FaultPorts,
): Promise<Settling> {
  const { links, clock, signal } = ports;
  const disturbance = links.disturb(step.target, toxic);
  return playLasting(step, ports, {
    disturb: () => clock.sleep(step.forMs, signal),
    heal: disturbance.end,
    effect(_, { stage, moved, lastedMs, watchedMs }) {
      const wentOn = moved
        ? `${stage} went on ${seconds(watchedMs - lastedMs)} after it`
        : `${stage} did not go on after it`;
      // Asked now: what was late came after the link had healed.
      const seen = traceSentence(toxic, disturbance.trace(), seconds(lastedMs));
      return seen === null ? null : `${seen}; ${wentOn}`;
    },
  });
}
