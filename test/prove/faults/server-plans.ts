import type { serverFaults } from "../../../harness/scenario/fault-kinds/server-faults.ts";
import type { KindPlans } from "./kind-plan.ts";

const lost = ["lost-write", "silent-drop", "unseen"] as const;

export const serverPlans: KindPlans<keyof typeof serverFaults> = {
  // The first windows close after 7 s: before, there is no index that could refuse anything.
  "read-only": { at: "8s", with: "for: 5s" },
  "disk-full": { at: "1s", with: "for: 5s" },
  // Long enough for windows to close into the aggregated topic meanwhile.
  "delete-records": { at: "5s", with: "for: 8s", classes: lost },
  recreate: { at: "10s" },
};
