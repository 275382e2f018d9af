/**
 * What REST asks of a worker, answered from what the topics say; what changes something is written
 * to them.
 */
import { KafkaError } from "../../kafka/port.ts";
import type { RetirableIndex } from "../../sinks/sink.ts";
import type { JobConfig } from "../config/job-config.ts";
import { changeConfigs } from "./change-configs.ts";
import { changeStates } from "./change-states.ts";
import { keys } from "./cluster-records.ts";
import { type Herder, HerderError } from "./herder.ts";
import {
  type HerderParts,
  knownConfig,
  knownInfo,
  knownStatus,
  readableConfig,
} from "./herder-parts.ts";
import { changeOffsets, forgetOffsets, readOffsets } from "./job-offsets.ts";
import { listRetirable } from "./list-retirable.ts";

export function createHerder(parts: HerderParts): Herder {
  const { view, kafka, clock, put } = parts;
  const configs = changeConfigs(parts);
  const states = changeStates(parts);
  const inTurn = createTurns();
  const topicsOf = (name: string): readonly string[] => [...(view.topics.get(name) ?? [])].sort();
  return {
    workerId: parts.workerId,
    clusterId: () => asked(() => kafka.topics.clusterId()),
    isReady: parts.isReady,
    names: () => [...view.configs.keys()].sort(),
    info: (name) => knownInfo(parts, name),
    status: (name) => knownStatus(parts, name),
    create: (name, ...rest) => inTurn(name, () => configs.create(name, ...rest)),
    putConfig: (name, config) => inTurn(name, () => configs.putConfig(name, config)),
    patchConfig: (name, patch) => inTurn(name, () => configs.patchConfig(name, patch)),
    delete: (name) => inTurn(name, () => configs.delete(name)),
    setTarget: (name, target) => inTurn(name, () => states.setTarget(name, target)),
    restart: (name, which) => inTurn(name, () => states.restart(name, which)),
    restartTask: (name, task) => inTurn(name, () => states.restartTask(name, task)),
    offsets: (name) =>
      asked(async () => {
        knownConfig(parts, name);
        return readOffsets(kafka, name);
      }),
    alterOffsets: (name, offsets) =>
      inTurn(name, async () => {
        assertStopped(parts, name);
        await changeOffsets(kafka, clock, readableConfig(parts, name), offsets);
      }),
    resetOffsets: (name) =>
      inTurn(name, async () => {
        assertStopped(parts, name);
        await forgetOffsets(kafka, clock, name);
      }),
    topics: (name) => {
      knownConfig(parts, name);
      return topicsOf(name);
    },
    resetTopics: (name) =>
      inTurn(name, async () => {
        knownConfig(parts, name);
        for (const topic of topicsOf(name)) await put.status(keys.topic(name, topic), null);
      }),
    retirable: async (name) => retirableOf(readableConfig(parts, name), parts),
    localTasks: parts.localTasks,
  };
}

function assertStopped(parts: HerderParts, name: string): void {
  knownConfig(parts, name);
  if (parts.view.targets.get(name) === "STOPPED") return;
  const message =
    "Connectors must be in the STOPPED state before their offsets can be modified. This can be done " +
    `for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`;
  throw new HerderError("wrong-state", message);
}

/**
 * One change of a job after the other: what one looked at still holds when it writes. Between
 * workers there is no such order: the record that is written last wins.
 */
function createTurns(): <T>(job: string, change: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (job, change) => {
    const mine = (last.get(job) ?? Promise.resolve()).then(() => asked(change));
    const quiet = mine.catch(() => {}); // told to the one who asked
    last.set(job, quiet);
    try {
      return await mine;
    } finally {
      if (last.get(job) === quiet) last.delete(job);
    }
  };
}

/** The store's errors in the herder's words. */
async function retirableOf(
  config: JobConfig,
  { checks }: HerderParts,
): Promise<readonly RetirableIndex[]> {
  try {
    return await listRetirable(config, checks);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `The store of ${config.name} cannot say which indices are due: ${why}`;
    throw new HerderError("unavailable", message, { cause: error });
  }
}

/** Kafka's errors in the herder's words. */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    throw new HerderError("unavailable", error.message, { cause: error });
  }
}
