/** How the faults of `server-faults.ts` are played. */
import type { serverFaults } from "../../scenario/fault-kinds/server-faults.ts";
import { deleteRecords } from "../delete-records.ts";
import { fillDisk } from "../fill-disk.ts";
import { makeReadOnly } from "../make-read-only.ts";
import { recreateTopic } from "../recreate-topic.ts";
import type { Players } from "./player.ts";

export const serverPlayers: Players<keyof typeof serverFaults> = {
  "read-only": makeReadOnly,
  "disk-full": fillDisk,
  "delete-records": deleteRecords,
  recreate: recreateTopic,
};
