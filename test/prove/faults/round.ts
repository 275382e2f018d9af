/** One run of `prove:faults`: what is done to whom, and what it must come to. */
import type { FaultDefinition } from "../../../harness/scenario/fault-kinds/fault-definition.ts";

export type Round = {
  /** What is done to whom: `cut aggregator/kafka, for: 6s`. */
  readonly name: string;
  readonly group: FaultDefinition["family"] | "crash";
  readonly scenario: string;
  readonly targets: readonly string[];
  /** As the file writes them. */
  readonly steps: readonly string[];
  readonly set: readonly string[];
  readonly verdict: FaultDefinition["verdict"];
  /** One of these must be among the findings, where the verdict is FAIL. */
  readonly classes: readonly string[];
};
