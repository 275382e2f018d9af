import {
  type inputFaults,
  poisonForms,
} from "../../../harness/scenario/fault-kinds/input-faults.ts";
import type { KindPlans } from "./kind-plan.ts";

export const inputPlans: KindPlans<keyof typeof inputFaults> = {
  poison: [
    // Jobs that fail on it, and an operator who moves them behind it.
    { at: "7s", with: "for: 2s", targets: ["aggregated"] },
    {
      name: "in every form",
      scenario: "poison-noop",
      steps: (target) =>
        poisonForms.map(
          (form, index) => `{ at: ${5 + 2 * index}s, poison: ${target}, as: ${form} }`,
        ),
    },
  ],
  phantom: { at: "7s", with: ["as: abort", "as: hang"] },
  herd: { with: "for: 4s" },
};
