/** Starts the three servers side by side: all or none. */
import { join } from "node:path";
import type { ServerName } from "./artifacts.ts";
import { type CassandraAddress, cassandra } from "./cassandra.ts";
import { type ElasticsearchAddress, elasticsearch } from "./elasticsearch.ts";
import type { Java } from "./java.ts";
import { type KafkaAddress, kafka } from "./kafka.ts";
import type { ServerKind } from "./server-kind.ts";
import type { StackFolders } from "./stack-folders.ts";
import type { StackOptions } from "./stack-options.ts";
import { type StartedServer, startServer } from "./start-server.ts";

/**
 * How much lower than the generator's their CPU priority is, so that it keeps its schedule on a machine that all
 * share. The broker stands in the generator's way, so it comes right behind; a store that is late is measured.
 */
const niceOf = { kafka: 1, elasticsearch: 19, cassandra: 19 } as const;

export type StartedServers = {
  readonly kafka: StartedServer<KafkaAddress>;
  readonly elasticsearch: StartedServer<ElasticsearchAddress>;
  readonly cassandra: StartedServer<CassandraAddress>;
};

export type ServerSources = {
  readonly java: Java;
  /** The folder of each in the cache. */
  readonly files: Readonly<Record<ServerName, string>>;
  readonly folders: StackFolders;
};

/** Rejects with the first failure, or the signal's reason, once all three are gone. */
export async function startServers(
  options: StackOptions,
  { java, files, folders }: ServerSources,
): Promise<StartedServers> {
  const { id, folder, registry, clock, compiler = "full", onProgress = () => undefined } = options;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const begun = clock.monotonicMs();
  const start = async <Address>(kind: ServerKind<Address>): Promise<StartedServer<Address>> => {
    const { name: server } = kind;
    const tell = (phase: "starting" | "ready"): void =>
      onProgress({ server, phase, elapsedMs: clock.monotonicMs() - begun });
    tell("starting");
    try {
      const data = folders.of(server);
      const logFile = join(folder, "logs", `${server}.log`);
      const context = { java, files: files[server], data, logFile, nice: niceOf[server], compiler };
      const purpose = `${server} of stack ${id}`;
      const started = await startServer(kind, { ...context, purpose, registry, clock, signal });
      tell("ready");
      return started;
    } catch (error) {
      failed.abort(error); // The others then end too; their failures only follow from this one.
      throw error;
    }
  };
  const starts = [start(kafka), start(elasticsearch), start(cassandra)] as const;
  const [forKafka, forElasticsearch, forCassandra] = await Promise.allSettled(starts);
  if (
    forKafka.status === "fulfilled" &&
    forElasticsearch.status === "fulfilled" &&
    forCassandra.status === "fulfilled" &&
    !signal.aborted
  ) {
    const [a, b, c] = [forKafka.value, forElasticsearch.value, forCassandra.value];
    return { kafka: a, elasticsearch: b, cassandra: c };
  }
  for (const outcome of [forKafka, forElasticsearch, forCassandra]) {
    if (outcome.status === "fulfilled") await outcome.value.process.stop({ graceMs: 0 });
  }
  throw signal.reason;
}
