/** Faults of the network between a stage and a server, played by a proxy on loopback. A target is a link. */
import type { FaultDefinition } from "./fault-definition.ts";

export const networkFaults = {} as const satisfies Record<string, FaultDefinition>;
