/** How the faults of `network-faults.ts` are played. */
import type { networkFaults } from "../../scenario/fault-kinds/network-faults.ts";
import { disturbLink } from "../network/disturb-link.ts";
import { type Direction, directions } from "../network/toxic.ts";
import type { Players } from "./player.ts";

export const networkPlayers: Players<keyof typeof networkFaults> = {
  latency: (step, ports) => {
    const { byMs, jitterMs = 0, way } = step;
    return disturbLink(step, { kind: "delay", byMs, jitterMs, ways: waysOf(way) }, ports);
  },
  bandwidth: (step, ports) =>
    disturbLink(step, { kind: "narrow", bytesPerSecond: step.bytesPerSecond }, ports),
  slice: (step, ports) =>
    disturbLink(step, { kind: "slice", bytes: Math.max(1, step.bytes) }, ports),
  cut: (step, ports) => disturbLink(step, { kind: "cut", ways: waysOf(step.way) }, ports),
  refuse: (step, ports) => disturbLink(step, { kind: "refuse" }, ports),
  reset: (step, ports) => disturbLink(step, { kind: "reset", everyMs: step.everyMs }, ports),
  "lose-response": (step, ports) => {
    const { everyMs, bytes = 0 } = step;
    return disturbLink(step, { kind: "lose", everyMs, bytes }, ports);
  },
  "hold-response": (step, ports) => {
    const { byMs } = step;
    return disturbLink(step, { kind: "delay", byMs, jitterMs: 0, ways: ["responses"] }, ports);
  },
  overload: (step, ports) => disturbLink(step, { kind: "overload", share: step.share ?? 1 }, ports),
};

function waysOf(way: Direction | "both" = "both"): readonly Direction[] {
  return way === "both" ? directions : [way];
}
