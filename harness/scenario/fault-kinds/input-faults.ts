/** Faults of what comes in: records that nobody can use or may read, and devices that all come at once. */
import { type FaultDefinition, passes } from "./fault-definition.ts";

/** The default first. */
export const poisonForms = ["not-json", "huge", "null-key", "tombstone", "wrong-schema"] as const;

export const inputFaults = {
  poison: {
    family: "input",
    summary: "a record that nobody can read comes into the topic",
    endangers: ["C5", "C11", "C13"],
    wholes: ["aggregated", "raw"],
    takes: ["for", "as"],
    forms: poisonForms,
    verdict: passes,
  },
  phantom: {
    family: "input",
    summary: "aggregates in a transaction that is aborted, at once or when the broker ends it",
    endangers: ["C3", "C7", "C11"],
    wholes: ["aggregated"],
    takes: ["as"],
    forms: ["abort", "hang"],
    verdict: passes,
  },
  herd: {
    family: "input",
    summary: "the fleet holds its sends back, then lets them all go at once",
    endangers: ["C11", "C12"],
    wholes: ["simulator"],
    needs: { for: "how long nothing is sent" },
    verdict: passes,
  },
} as const satisfies Record<string, FaultDefinition>;
