/** Faults of what comes in: records that nobody can use, or that nobody of the pipeline wrote. */
import { type FaultDefinition, passes } from "./fault-definition.ts";

export const inputFaults = {
  poison: {
    family: "input",
    summary: "a record that nobody can read comes into the topic",
    endangers: ["C5", "C11", "C13"],
    wholes: ["aggregated"],
    takes: ["for"],
    verdict: passes,
  },
} as const satisfies Record<string, FaultDefinition>;
