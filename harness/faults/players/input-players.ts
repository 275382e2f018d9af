/** How the faults of `input-faults.ts` are played. */
import type { inputFaults } from "../../scenario/fault-kinds/input-faults.ts";
import { herdFleet } from "../herd-fleet.ts";
import { poisonTopic } from "../poison-topic.ts";
import { writePhantoms } from "../write-phantoms.ts";
import type { Players } from "./player.ts";

export const inputPlayers: Players<keyof typeof inputFaults> = {
  poison: poisonTopic,
  phantom: writePhantoms,
  herd: herdFleet,
};
