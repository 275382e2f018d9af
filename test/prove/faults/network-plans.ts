import type { networkFaults } from "../../../harness/scenario/fault-kinds/network-faults.ts";
import type { KindPlans } from "./kind-plan.ts";

export const networkPlans: KindPlans<keyof typeof networkFaults> = {
  latency: { with: "by: 50ms, jitter: 40ms, for: 10s" },
  bandwidth: { with: "to: 100KiB/s, for: 8s" },
  slice: { with: "bytes: 7, for: 8s" },
  cut: { with: ["for: 6s", "for: 6s, way: requests", "for: 6s, way: responses"] },
  refuse: { with: "for: 6s" },
  reset: { with: "every: 2s, for: 10s" },
  "lose-response": { with: "every: 2s, for: 10s" },
  "hold-response": { with: "by: 3s, for: 8s" },
  overload: { at: "7s", with: ["for: 5s", "share: 50%, for: 5s"] },
};
