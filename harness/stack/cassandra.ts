/** Apache Cassandra as a child process: one node that waits for no ring. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Client } from "cassandra-driver";
import { stringify } from "yaml";
import { spawnProcess } from "../process/spawn-process.ts";
import { cassandraModuleFlags } from "./cassandra-flags.ts";
import { loopback } from "./ports.ts";
import {
  compilerFlags,
  gcLogFlag,
  gcLogName,
  probeTimeoutMs,
  type ServerContext,
  type ServerKind,
} from "./server-kind.ts";

export type CassandraAddress = {
  readonly contactPoint: string;
  readonly port: number;
  readonly localDataCenter: string;
};

export const cassandra: ServerKind<CassandraAddress> = {
  name: "cassandra",
  title: "Cassandra",
  gcLog: gcLogName,
  portCount: 3,
  addressOf: ([port = 0]) => ({ contactPoint: loopback, port, localDataCenter: "datacenter1" }),
  async launch(context) {
    const { java, files, data, logFile, nice, registry, clock, purpose } = context;
    writeFileSync(join(data, "cassandra.yaml"), stringify(settings(context)));
    writeFileSync(join(data, "logback.xml"), logback);
    const args = [...flags(context), "-cp", join(files, "*")];
    const main = "org.apache.cassandra.service.CassandraDaemon";
    const start = { command: java.command, args: [...args, main], cwd: data };
    const options = { ...start, logFile, nice, registry, clock, purpose };
    return await spawnProcess({ name: "cassandra", ...options });
  },
  async probe({ contactPoint, port, localDataCenter }) {
    await reach(port); // The driver makes much of a refused connection.
    const client = new Client({
      contactPoints: [contactPoint],
      protocolOptions: { port },
      localDataCenter,
      socketOptions: { connectTimeout: probeTimeoutMs, readTimeout: probeTimeoutMs },
    });
    try {
      await client.connect();
      await client.execute("SELECT release_version FROM system.local");
    } finally {
      await client.shutdown();
    }
  },
};

async function reach(port: number): Promise<void> {
  const socket = connect({ host: loopback, port });
  try {
    await once(socket, "connect");
  } finally {
    socket.destroy();
  }
}

function flags({ files, data, compiler, ports: [, , jmxPort] }: ServerContext): string[] {
  return [
    ...compilerFlags(compiler),
    "-Xms512m",
    "-Xmx1g",
    "-XX:+UseG1GC",
    "-XX:MaxDirectMemorySize=512m",
    gcLogFlag,
    `-javaagent:${join(files, "jamm-0.4.0.jar")}`,
    "-Djdk.attach.allowAttachSelf=true",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dcassandra-foreground=yes",
    `-Dcassandra.jmx.local.port=${jmxPort}`,
    // A lone node has nobody to wait for.
    "-Dcassandra.ring_delay_ms=100",
    "-Dcassandra.skip_wait_for_gossip_to_settle=0",
    ...cassandraModuleFlags,
    `-Dcassandra.config=${fileUrl(join(data, "cassandra.yaml"))}`,
    `-Dcassandra.storagedir=${data}`,
    `-Dlogback.configurationFile=${fileUrl(join(data, "logback.xml"))}`,
  ];
}

function fileUrl(path: string): string {
  return `file://${encodeURI(path)}`;
}

/** Cassandra refuses keys that it does not know, so there are few. */
function settings({ data, ports: [nativePort, storagePort] }: ServerContext) {
  return {
    cluster_name: "fleetproof",
    partitioner: "org.apache.cassandra.dht.Murmur3Partitioner",
    endpoint_snitch: "SimpleSnitch",
    num_tokens: 1,
    storage_port: storagePort,
    native_transport_port: nativePort,
    start_native_transport: true,
    listen_address: loopback,
    rpc_address: loopback,
    seed_provider: [
      {
        class_name: "org.apache.cassandra.locator.SimpleSeedProvider",
        parameters: [{ seeds: `${loopback}:${storagePort}` }],
      },
    ],
    data_file_directories: [join(data, "data")],
    commitlog_directory: join(data, "commitlog"),
    saved_caches_directory: join(data, "saved"),
    hints_directory: join(data, "hints"),
    cdc_raw_directory: join(data, "cdc"),
    commitlog_sync: "periodic",
    commitlog_sync_period: "10s",
    commitlog_segment_size: "16MiB",
    auto_snapshot: false,
    memtable_allocation_type: "heap_buffers",
    disk_access_mode: "standard",
  };
}

const logback = `<configuration>
  <appender name="C" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d %p %c{1} %m%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="C"/></root>
</configuration>
`;
