/** Apache Kafka as a child process: one broker that is its own controller (KRaft). */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Admin } from "@platformatic/kafka";
import { spawnProcess } from "../process/spawn-process.ts";
import { type KafkaLinks, kafkaLinksOf, linkListeners, linkPortCount } from "./kafka-links.ts";
import { logTail } from "./log-tail.ts";
import { loopback } from "./ports.ts";
import { runTool } from "./run-tool.ts";
import {
  compilerFlags,
  gcLogFlag,
  gcLogName,
  probeTimeoutMs,
  type ServerContext,
  type ServerKind,
  shortLived,
} from "./server-kind.ts";
import { StackError } from "./stack-error.ts";

/** `links`: absent in a stack that an older version has started. */
export type KafkaAddress = { readonly bootstrap: string; readonly links?: KafkaLinks };

/** The broker's and the controller's. */
const ownPortCount = 2;

export const kafka: ServerKind<KafkaAddress> = {
  name: "kafka",
  title: "Kafka",
  portCount: ownPortCount + linkPortCount,
  readyLine: "Kafka Server started",
  gcLog: gcLogName,
  addressOf: (ports) => ({
    bootstrap: `${loopback}:${ports[0]}`,
    links: kafkaLinksOf(ports.slice(ownPortCount)),
  }),
  async launch(context) {
    const { java, files, data, logFile, nice, registry, clock, purpose } = context;
    const properties = join(data, "server.properties");
    const logging = join(data, "log4j2.properties");
    writeFileSync(properties, serverProperties(context));
    writeFileSync(logging, log4j2);
    const classes = ["-cp", join(files, "*")];
    const quiet = `-Dlog4j2.configurationFile=${logging}`;
    await format([quiet, ...classes], properties, context);
    const memory = [...compilerFlags(context.compiler), "-Xms512m", "-Xmx512m", "-XX:+UseG1GC"];
    const args = [...memory, gcLogFlag, quiet, ...classes, "kafka.Kafka", properties];
    const command = java.command;
    const options = { command, args, cwd: data, logFile, nice, registry, clock, purpose };
    return await spawnProcess({ name: "kafka", ...options });
  },
  async probe({ bootstrap }) {
    const admin = new Admin({
      clientId: "fleetproof-stack",
      bootstrapBrokers: [bootstrap],
      connectTimeout: probeTimeoutMs,
      requestTimeout: probeTimeoutMs,
      retries: false,
    });
    try {
      const { brokers } = await admin.metadata({ topics: [] });
      if (brokers.size === 0) throw new Error("its metadata names no broker");
    } finally {
      await admin.close();
    }
  },
};

async function format(java: readonly string[], properties: string, context: ServerContext) {
  // Kafka's ids are 16 bytes in URL-safe base 64; one that began with `-` would look like an option.
  const id = `f${randomBytes(16).toString("base64url").slice(1)}`;
  const tool = ["kafka.tools.StorageTool", "format", "--standalone", "-t", id, "-c", properties];
  const logFile = join(context.data, "format.log");
  const { nice, java: jdk } = context;
  const options = { command: jdk.command, args: [shortLived, ...java, ...tool], logFile, nice };
  const run = await runTool({ name: "kafka-format", ...options }, context);
  if (run.ok) return;
  throw new StackError("server-died", `Kafka's storage was not formatted:\n${logTail(logFile)}`);
}

const log4j2 = `rootLogger.level=INFO
rootLogger.appenderRef.c.ref=C
appender.c.type=Console
appender.c.name=C
appender.c.layout.type=PatternLayout
appender.c.layout.pattern=[%d] %p %m (%c)%n
`;

function serverProperties({ data, ports }: ServerContext): string {
  const [port, controllerPort] = ports;
  const links = linkListeners(kafkaLinksOf(ports.slice(ownPortCount)));
  const broker = `PLAINTEXT://${loopback}:${port}`;
  const controller = `CONTROLLER://${loopback}:${controllerPort}`;
  const protocols = ["CONTROLLER:PLAINTEXT", "PLAINTEXT:PLAINTEXT", ...links.protocols];
  return `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=${loopback}:${controllerPort}
listeners=${[broker, controller, ...links.listeners].join()}
advertised.listeners=${[broker, controller, ...links.advertised].join()}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=${protocols.join()}
log.dirs=${join(data, "log")}
num.network.threads=2
${links.properties.join("\n")}
num.io.threads=4
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0

# One broker holds every copy.
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1

# A handful of groups and transactional ids need no 50 partitions each, which take a second to make.
offsets.topic.num.partitions=8
transaction.state.log.num.partitions=8

# What a dead or stopped job left open holds its successor back: looked for every second instead of every ten.
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000

# Nothing is cut while a run may still be judged; what is deleted gives its space back soon.
log.retention.ms=86400000
log.segment.delete.delay.ms=1000
`;
}
