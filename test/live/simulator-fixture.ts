/** A simulator worker as its parent sees it, and a second client's view of what it wrote. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import type { AckRange } from "../../simulator/ack-log.ts";
import type { WorkerConfigFile } from "../../simulator/worker-config.ts";
import type { WorkerCommand, WorkerReport, WorkerResult } from "../../simulator/worker-protocol.ts";

export type WorkerProcess = {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly reports: readonly WorkerReport[];
  /** The next report of this type that nobody waited for. Errors: when the worker ends first. */
  readonly next: <T extends WorkerReport["type"]>(
    type: T,
  ) => Promise<Extract<WorkerReport, { type: T }>>;
  readonly tell: (command: WorkerCommand) => void;
  /** Exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  readonly acks: () => AckRange[];
  readonly result: () => WorkerResult;
  readonly remove: () => void;
};

type OwnFiles = "ackFile" | "intentFile" | "partialFile" | "resultFile";

/** In a folder of its own, or in that of `before`, a worker that was killed: the same config, the same files. */
export function startWorker(
  config: Omit<WorkerConfigFile, OwnFiles>,
  before?: WorkerProcess,
): WorkerProcess {
  const folder = before?.folder ?? mkdtempSync(join(tmpdir(), "fleetproof-worker-"));
  const [ackFile, resultFile] = [join(folder, "acks.ndjson"), join(folder, "result.json")];
  const [intentFile, partialFile] = [join(folder, "intents.ndjson"), join(folder, "partial.json")];
  const configFile = join(folder, "worker.json");
  const files = { ackFile, intentFile, partialFile, resultFile };
  writeFileSync(configFile, JSON.stringify({ ...config, ...files }));
  const entry = new URL("../../simulator/start-worker.ts", import.meta.url);
  const child = fork(entry, [configFile], { execArgv: [] });
  const reports: WorkerReport[] = [];
  const heard = new EventTarget();
  const seen = new Set<WorkerReport>();
  child.on("message", (message) => {
    reports.push(message as WorkerReport);
    heard.dispatchEvent(new Event("report"));
  });
  const exited = once(child, "exit").then(([code, signal]) => code ?? signal);
  let ended = false;
  void exited.then(() => {
    ended = true;
    heard.dispatchEvent(new Event("report"));
  });
  return {
    child,
    folder,
    reports,
    next: async (type) => {
      for (;;) {
        const found = reports.find((report) => report.type === type && !seen.has(report));
        if (found !== undefined) {
          seen.add(found);
          return found as never;
        }
        if (ended)
          throw new Error(`the worker ended without "${type}": ${JSON.stringify(reports)}`);
        await once(heard, "report");
      }
    },
    tell: (command) => child.send(command),
    exited,
    acks: () => {
      const lines = readFileSync(ackFile, "utf8").trimEnd().split("\n");
      return lines.map((line) => JSON.parse(line) as AckRange);
    },
    result: () => JSON.parse(readFileSync(resultFile, "utf8")) as WorkerResult,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type ReadBack = { readonly key: Buffer; readonly value: Buffer };

/** A topic of one's own, and kafkajs to read it with. */
export async function ownTopic(bootstrap: string, name: string, partitions: number) {
  const kafka = new Kafka({ clientId: name, brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const configEntries = [{ name: "message.timestamp.type", value: "LogAppendTime" }];
  const topic = { topic: name, numPartitions: partitions, replicationFactor: 1, configEntries };
  await admin.createTopics({ topics: [topic] });

  /** All records up to the present ends, in log order, by partition. */
  async function readBack(): Promise<ReadBack[][]> {
    const ends = await admin.fetchTopicOffsets(name);
    const total = ends.reduce((sum, { offset }) => sum + Number(offset), 0);
    const records: ReadBack[][] = Array.from({ length: partitions }, () => []);
    const consumer = kafka.consumer({ groupId: `${name}-reader` });
    await consumer.connect();
    await consumer.subscribe({ topic: name, fromBeginning: true });
    const { promise, resolve } = Promise.withResolvers<void>();
    let read = 0;
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const { key, value } of batch.messages) {
          records[batch.partition]!.push({ key: key!, value: value! });
        }
        read += batch.messages.length;
        if (read >= total) resolve();
      },
    });
    if (total > 0) await promise;
    await consumer.disconnect();
    await admin.deleteGroups([`${name}-reader`]);
    return records;
  }

  return {
    readBack,
    close: async () => {
      await admin.deleteTopics({ topics: [name] });
      await admin.disconnect();
    },
  };
}
