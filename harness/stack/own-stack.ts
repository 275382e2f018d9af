/** A stack that this harness has started: watched for deaths, then stopped, or kept under a name. */
import type { Clock } from "../../simulator/clock.ts";
import type { OwnedProcess } from "../process/owned-process.ts";
import { identityOf } from "../process/process-table.ts";
import type { Registry } from "../process/registry.ts";
import { type ServerName, serverNames } from "./artifacts.ts";
import type { Home } from "./home.ts";
import { logTail } from "./log-tail.ts";
import { keepRestarted } from "./restart-kept.ts";
import { createLives, type ServerLives } from "./restart-lives.ts";
import { restartServer } from "./restart-server.ts";
import type { RunningStack, ServerDeath, StackVersions } from "./running-stack.ts";
import { StackError } from "./stack-error.ts";
import { launchOf, reserveStackName, writeStackFile } from "./stack-file.ts";
import type { StackFolders } from "./stack-folders.ts";
import type { StartedServer } from "./start-server.ts";
import type { StartedServers } from "./start-servers.ts";

/** Kafka's clean end takes two seconds, Cassandra's flush up to ten. */
const graceMs = 20_000;

export type OwnStackOptions = {
  readonly id: string;
  readonly servers: StartedServers;
  readonly versions: StackVersions;
  readonly folders: StackFolders;
  readonly home: Home;
  readonly registry: Registry;
  readonly clock: Clock;
};

export function ownStack(options: OwnStackOptions): RunningStack {
  const { id, servers, versions, folders, home, registry, clock } = options;
  const startedAt = new Date(clock.now()).toISOString();
  const died = Promise.withResolvers<ServerDeath>();
  let name: string | undefined;
  let stopped: Promise<void> | undefined;

  const lives = {
    kafka: createLives(servers.kafka.process),
    elasticsearch: createLives(servers.elasticsearch.process),
    cassandra: createLives(servers.cassandra.process),
  };
  const addresses = {
    kafka: servers.kafka.address,
    elasticsearch: servers.elasticsearch.address,
    cassandra: servers.cassandra.address,
  };
  const restarts = new Set<Promise<unknown>>();

  for (const server of serverNames) {
    const { logFile } = servers[server];
    void lives[server].process.exited.then((exit) => {
      if (stopped !== undefined) return;
      died.resolve({ server, logFile, logTail: logTail(logFile), ...exit });
    });
  }

  const stop: RunningStack["stop"] = async ({ keepData = false } = {}) => {
    if (name !== undefined) return;
    stopped ??= Promise.allSettled(restarts).then(() => end(lives, folders, keepData));
    await stopped;
  };

  const restart: RunningStack["restart"] = async (server, how) => {
    const restarting = restartServer({
      ...how,
      server,
      addresses,
      lives: lives[server],
      command: servers[server].process.command,
      onStarted(process) {
        lives[server].next(process);
        if (name !== undefined) keepRestarted(name, server, process, home);
      },
      registry,
      clock,
    });
    restarts.add(restarting);
    return await restarting.finally(() => restarts.delete(restarting));
  };

  return {
    id,
    get name() {
      return name;
    },
    kafka: served(servers.kafka, lives.kafka),
    elasticsearch: served(servers.elasticsearch, lives.elasticsearch),
    cassandra: served(servers.cassandra, lives.cassandra),
    versions,
    dataFolders: folders.claimed.map(({ path }) => path),
    died: died.promise,
    restart,
    stop,
    [Symbol.asyncDispose]: () => stop(),
    async keep(wanted) {
      if (name !== undefined || stopped !== undefined) {
        throw new StackError("stack-exists", `The stack ${id} is kept already, or stopped.`);
      }
      keepAs(wanted, options, lives, startedAt);
      name = wanted;
    },
  };
}

type Lives = Readonly<Record<ServerName, ServerLives<OwnedProcess>>>;

function served<Address>(
  { address, logFile, gcLog }: StartedServer<Address>,
  { process }: ServerLives<OwnedProcess>,
): Address & Pick<RunningStack["kafka"], "process" | "logFile" | "gcLog"> {
  return { ...address, process, logFile, gcLog };
}

async function end(lives: Lives, { claimed: all }: StackFolders, keepData: boolean): Promise<void> {
  const grace = { graceMs: keepData ? graceMs : 0 };
  await Promise.all(serverNames.map((server) => lives[server].present().stop(grace)));
  for (const claimed of all) {
    if (keepData) claimed.release();
    else await claimed.remove();
  }
}

/** The name is taken first; killed before the file is written, `stack down` still finds its records. */
function keepAs(name: string, options: OwnStackOptions, lives: Lives, startedAt: string): void {
  const { id, servers, versions, folders, home } = options;
  const { kafka, elasticsearch, cassandra } = servers;
  const addresses = {
    kafka: { ...kafka.address, ...identified(lives.kafka), gcLog: kafka.gcLog },
    elasticsearch: {
      ...elasticsearch.address,
      ...identified(lives.elasticsearch),
      gcLog: elasticsearch.gcLog,
    },
    cassandra: { ...cassandra.address, ...identified(lives.cassandra), gcLog: cassandra.gcLog },
  };
  const dataFolders = folders.claimed.map(({ path }) => path);
  reserveStackName(home, name);
  const records = [
    ...serverNames.map((server) => lives[server].present().keep(name)),
    ...folders.claimed.map((claimed) => claimed.keep(name)),
  ];
  const common = { state: "kept", name, id, startedAt, versions, dataFolders, records } as const;
  writeStackFile(home, { ...common, ...addresses });
}

function identified({ present }: ServerLives<OwnedProcess>) {
  const { name, pid, command } = present();
  const identity = identityOf(pid);
  if (identity === undefined) {
    throw new StackError("server-died", `${name} has ended; the stack cannot be kept.`);
  }
  return { process: identity, logFile: command.logFile, launch: launchOf(command) };
}
