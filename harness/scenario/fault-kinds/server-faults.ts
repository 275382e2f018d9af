/** Faults of the servers and of what they keep. */
import { type FaultDefinition, passes } from "./fault-definition.ts";

export const serverFaults = {
  "read-only": {
    family: "server",
    summary: "the run's indices refuse every write",
    endangers: ["C7", "C11"],
    wholes: ["elasticsearch"],
    needs: { for: "how long nothing can be written" },
    state: "read-only",
    verdict: passes,
  },
  "disk-full": {
    family: "server",
    summary: "its disk is past the flood-stage watermark: it makes every index read-only",
    endangers: ["C1", "C7", "C11"],
    wholes: ["elasticsearch"],
    needs: { for: "how long its indices stay read-only" },
    state: "full",
    verdict: passes,
  },
  "delete-records": {
    family: "server",
    summary: "retention cuts records that the stage behind the topic has not read",
    endangers: ["C1", "C5", "C7"],
    wholes: ["raw", "aggregated"],
    needs: { for: "how long the stage stands still until they are cut" },
    state: "not read",
    verdict: { is: "FAIL", because: "what is gone cannot be stored: the loss must be reported" },
  },
  recreate: {
    family: "server",
    summary: "the topic is deleted and made anew under its name",
    endangers: ["C1", "C4", "C7"],
    wholes: ["aggregated"],
    verdict: {
      is: "UNKNOWN",
      because: "what it held is gone: the jobs say so and stop, and nobody can audit it to its end",
    },
  },
} as const satisfies Record<string, FaultDefinition>;
