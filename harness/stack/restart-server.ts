/**
 * Ends a server of a stack and starts it again: the same command line, ports and data. Its configuration, which names
 * its ports, lies in its data folder.
 */
import type { Clock } from "../../simulator/clock.ts";
import type { OwnedProcess, SpawnCommand, WatchedProcess } from "../process/owned-process.ts";
import { endGroup } from "../process/process-group.ts";
import { identityOf } from "../process/process-table.ts";
import type { Registry } from "../process/registry.ts";
import { spawnProcess } from "../process/spawn-process.ts";
import type { ServerName } from "./artifacts.ts";
import { cassandra } from "./cassandra.ts";
import { elasticsearch } from "./elasticsearch.ts";
import { kafka } from "./kafka.ts";
import { waitUntilReady } from "./readiness.ts";
import type { ServerLives } from "./restart-lives.ts";
import type { StackAddresses } from "./running-stack.ts";

/** How a server is to end, and how long it may take until it answers again. */
export type RestartOptions = {
  /** SIGTERM, and so long for a clean end; 0: SIGKILL at once. */
  readonly graceMs: number;
  readonly signal: AbortSignal;
};

export type Restarted = {
  /** Until no process of it was left. */
  readonly endedMs: number;
  /** From its end until it answered. */
  readonly answeredMs: number;
};

/** As long as at first: what it has to recover is more, what it has to make less. */
const readyWithinMs = 240_000;

/**
 * Resolves when it answers. Not broken off between the two lives: it is started whatever the signal says.
 * @throws StackError `server-died` or `not-ready`; ProcessError `spawn-failed` or `will-not-end`; the signal's reason
 */
export async function restartServer(
  options: RestartOptions & {
    readonly server: ServerName;
    readonly addresses: StackAddresses;
    readonly lives: Pick<ServerLives<WatchedProcess>, "process" | "expectEnd">;
    readonly command: SpawnCommand;
    /** Begins the next life, as soon as it is started, before it answers. */
    readonly onStarted: (process: OwnedProcess) => void;
    readonly registry: Registry;
    readonly clock: Clock;
  },
): Promise<Restarted> {
  const { server, lives, command, graceMs, registry, clock, signal, onStarted } = options;
  const begunMs = clock.monotonicMs();
  lives.expectEnd();
  const { pid } = lives.process;
  const identity = identityOf(pid);
  await endGroup(pid, graceMs, clock);
  const endedMs = clock.monotonicMs() - begunMs;
  const process = await spawnProcess({ ...command, registry, clock });
  onStarted(process);
  for (const record of registry.list()) {
    const isIts = record.kind === "process" && record.process?.pid === pid;
    if (isIts && record.process?.startTime === identity?.startTime) registry.remove(record.id);
  }
  const waiting = { process, logFile: command.logFile, withinMs: readyWithinMs, clock, signal };
  // Not its ready line: that stands in its log since its first life.
  await waitUntilReady({ ...waiting, ...asking(server, options.addresses) });
  return { endedMs, answeredMs: clock.monotonicMs() - begunMs - endedMs };
}

/** Its title, and what a client would ask it. */
function asking(server: ServerName, addresses: StackAddresses) {
  switch (server) {
    case "kafka":
      return { title: kafka.title, probe: () => kafka.probe(addresses.kafka) };
    case "elasticsearch":
      return { title: elasticsearch.title, probe: () => elasticsearch.probe(addresses[server]) };
    case "cassandra":
      return { title: cassandra.title, probe: () => cassandra.probe(addresses.cassandra) };
  }
}
