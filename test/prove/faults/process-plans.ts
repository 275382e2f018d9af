import type { processFaults } from "../../../harness/scenario/fault-kinds/process-faults.ts";
import type { KindPlans } from "./kind-plan.ts";

/** Longer than a session (10 s): the group gives the work to another meanwhile. */
const pastTheSession = "for: 12s";

export const processPlans: KindPlans<keyof typeof processFaults> = {
  kill: {},
  pause: { at: "3s", with: pastTheSession },
  start: { at: "4s", steps: (target) => [`{ at: 4s, start: ${target}-1 }`] },
  stop: {
    steps: (target) => [`{ at: 3s, start: ${target}-1 }`, `{ at: 10s, stop: ${target}-0 }`],
  },
  restart: {},
  "drop-member": { at: "7s" },
  rebalance: { at: "4s", with: "every: 2s, for: 10s" },
  zombie: { at: "7s" },
  skew: { with: "by: 26h" },
};
