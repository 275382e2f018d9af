/** How the faults of `server-faults.ts` are played. */
import type { serverFaults } from "../../scenario/fault-kinds/server-faults.ts";
import { makeReadOnly } from "../make-read-only.ts";
import type { Players } from "./player.ts";

export const serverPlayers: Players<keyof typeof serverFaults> = {
  "read-only": makeReadOnly,
};
