/** How the faults of `process-faults.ts` are played. */
import type { processFaults } from "../../scenario/fault-kinds/process-faults.ts";
import { isOfProcess, isServer } from "../../scenario/fault-target.ts";
import { dropMember } from "../drop-member.ts";
import { endServer } from "../end-server.ts";
import { killInstance } from "../kill-instance.ts";
import { pauseInstance } from "../pause-instance.ts";
import { pauseServer } from "../pause-server.ts";
import { raiseZombie } from "../raise-zombie.ts";
import { restartJob } from "../restart-job.ts";
import { skewClock } from "../skew-clock.ts";
import { startInstance } from "../start-instance.ts";
import { stopInstance } from "../stop-instance.ts";
import { stormGroup } from "../storm-group.ts";
import type { Players } from "./player.ts";

export const processPlayers: Players<keyof typeof processFaults> = {
  kill: ({ target, point }, ports) =>
    isOfProcess("kill", target)
      ? killInstance(target, ports, point)
      : endServer({ kind: "kill", target }, ports),
  pause: ({ target, forMs }, ports, standIn) =>
    isOfProcess("pause", target)
      ? pauseInstance({ target, forMs, standIn }, ports)
      : pauseServer({ target, forMs }, ports),
  start: ({ target }, ports) => startInstance(target, ports),
  stop: ({ target }, ports) => stopInstance(target, ports),
  restart: ({ target }, ports) =>
    isServer(target) ? endServer({ kind: "restart", target }, ports) : restartJob(target, ports),
  "drop-member": ({ target }, ports) => dropMember(target, ports),
  rebalance: stormGroup,
  zombie: raiseZombie,
  skew: skewClock,
};
