/** How the faults of `network-faults.ts` are played. */
import type { networkFaults } from "../../scenario/fault-kinds/network-faults.ts";
import type { Players } from "./player.ts";

export const networkPlayers: Players<keyof typeof networkFaults> = {};
