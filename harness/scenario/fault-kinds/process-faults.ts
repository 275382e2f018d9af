/** Faults of the pipeline's own processes and of the groups in which they share their work. */
import { type FaultDefinition, passes } from "./fault-definition.ts";

const stages = ["aggregator", "job-elasticsearch", "job-cassandra"] as const;
const servers = ["kafka", "elasticsearch", "cassandra"] as const;

export const processFaults = {
  kill: {
    family: "process",
    summary: "SIGKILL, wherever it is or at a crash point (point); started again at once",
    endangers: ["C1", "C2", "C6", "C7"],
    processes: [...stages, "simulator"],
    wholes: servers,
    takes: ["point"],
    verdict: passes,
  },
  pause: {
    family: "process",
    summary: "SIGSTOP, later SIGCONT: of a process, another takes over; of a server, all wait",
    endangers: ["C2", "C6", "C7", "C11"],
    processes: stages,
    wholes: servers,
    needs: { for: "how long it is stopped" },
    state: "paused",
    verdict: passes,
  },
  start: {
    family: "process",
    summary: "one more instance of a stage: partitions and their state are handed over",
    endangers: ["C2", "C6"],
    processes: stages,
    verdict: passes,
  },
  stop: {
    family: "process",
    summary: "one instance less (SIGTERM): partitions and their state are handed over",
    endangers: ["C2", "C6"],
    processes: stages,
    verdict: passes,
  },
  restart: {
    family: "process",
    summary: "of a job: all its tasks, by REST; of a server: SIGTERM, and again with its data",
    endangers: ["C1", "C2", "C7", "C11"],
    wholes: ["job-elasticsearch", "job-cassandra", ...servers],
    verdict: passes,
  },
  "drop-member": {
    family: "process",
    summary: "the group throws the process's members out, as Kafka's administrator can",
    endangers: ["C2", "C6"],
    processes: stages,
    verdict: passes,
  },
  rebalance: {
    family: "process",
    summary: "a stranger joins the stage's group, or leaves it, again and again",
    endangers: ["C2", "C11"],
    wholes: stages,
    needs: {
      for: "how long the stranger comes and goes",
      every: "how often the stranger joins or leaves",
    },
    state: "rebalanced again and again",
    verdict: passes,
  },
  zombie: {
    family: "process",
    summary: "a second producer takes its transactional id, and writes when it has been fenced",
    endangers: ["C2", "C3", "C6"],
    processes: ["aggregator"],
    verdict: passes,
  },
  skew: {
    family: "process",
    summary: "started again with a clock that is ahead, for the rest of the run",
    endangers: ["C7", "C10"],
    processes: stages,
    needs: { by: "how far its clock is ahead" },
    verdict: passes,
  },
} as const satisfies Record<string, FaultDefinition>;
