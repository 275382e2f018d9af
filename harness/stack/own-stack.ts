/** A stack that this harness has started: watched for deaths, then stopped, or kept under a name. */
import type { Clock } from "../../simulator/clock.ts";
import { identityOf } from "../process/process-table.ts";
import { type ServerName, serverNames } from "./artifacts.ts";
import type { Home } from "./home.ts";
import { logTail } from "./log-tail.ts";
import type { RunningStack, ServerDeath, StackVersions } from "./running-stack.ts";
import { StackError } from "./stack-error.ts";
import { reserveStackName, writeStackFile } from "./stack-file.ts";
import type { StackFolders } from "./stack-folders.ts";
import type { StartedServers } from "./start-servers.ts";

/** Kafka's clean end takes two seconds, Cassandra's flush up to ten. */
const graceMs = 20_000;

export type OwnStackOptions = {
  readonly id: string;
  readonly servers: StartedServers;
  readonly versions: StackVersions;
  readonly folders: StackFolders;
  readonly home: Home;
  readonly clock: Clock;
};

export function ownStack(options: OwnStackOptions): RunningStack {
  const { id, servers, versions, folders, clock } = options;
  const startedAt = new Date(clock.now()).toISOString();
  const died = Promise.withResolvers<ServerDeath>();
  let name: string | undefined;
  let stopped: Promise<void> | undefined;

  for (const server of serverNames) {
    const { process, logFile } = servers[server];
    void process.exited.then((exit) => {
      if (stopped !== undefined) return;
      died.resolve({ server, logFile, logTail: logTail(logFile), ...exit });
    });
  }

  const stop: RunningStack["stop"] = async ({ keepData = false } = {}) => {
    if (name !== undefined) return;
    stopped ??= end(options, keepData);
    await stopped;
  };

  return {
    id,
    get name() {
      return name;
    },
    kafka: served(servers.kafka),
    elasticsearch: served(servers.elasticsearch),
    cassandra: served(servers.cassandra),
    versions,
    dataFolders: folders.claimed.map(({ path }) => path),
    died: died.promise,
    stop,
    [Symbol.asyncDispose]: () => stop(),
    async keep(wanted) {
      if (name !== undefined || stopped !== undefined) {
        throw new StackError("stack-exists", `The stack ${id} is kept already, or stopped.`);
      }
      keepAs(wanted, options, startedAt);
      name = wanted;
    },
  };
}

function served<Address, Process>(server: {
  readonly address: Address;
  readonly process: Process;
  readonly logFile: string;
}): Address & { readonly process: Process; readonly logFile: string } {
  const { address, process, logFile } = server;
  return { ...address, process, logFile };
}

async function end({ servers, folders }: OwnStackOptions, keepData: boolean): Promise<void> {
  const grace = { graceMs: keepData ? graceMs : 0 };
  await Promise.all(serverNames.map((server) => servers[server].process.stop(grace)));
  for (const claimed of folders.claimed) {
    if (keepData) claimed.release();
    else await claimed.remove();
  }
}

/** The name is taken first; killed before the file is written, `stack down` still finds its records. */
function keepAs(name: string, options: OwnStackOptions, startedAt: string): void {
  const { id, servers, versions, folders, home } = options;
  const addresses = {
    kafka: { ...servers.kafka.address, ...identified(servers, "kafka") },
    elasticsearch: { ...servers.elasticsearch.address, ...identified(servers, "elasticsearch") },
    cassandra: { ...servers.cassandra.address, ...identified(servers, "cassandra") },
  };
  const dataFolders = folders.claimed.map(({ path }) => path);
  reserveStackName(home, name);
  const records = [
    ...serverNames.map((server) => servers[server].process.keep(name)),
    ...folders.claimed.map((claimed) => claimed.keep(name)),
  ];
  const common = { state: "kept", name, id, startedAt, versions, dataFolders, records } as const;
  writeStackFile(home, { ...common, ...addresses });
}

function identified(servers: StartedServers, server: ServerName) {
  const { process, logFile } = servers[server];
  const identity = identityOf(process.pid);
  if (identity === undefined) {
    throw new StackError("server-died", `${server} has ended; the stack cannot be kept.`);
  }
  return { process: identity, logFile };
}
