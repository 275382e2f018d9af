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
} as const satisfies Record<string, FaultDefinition>;
