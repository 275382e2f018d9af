/**
 * The persisting jobs' process: a worker that is seeded from files, and its HTTP. What is wrong
 * with a file is found before anything starts; what goes wrong later is the matter of one task, and
 * is told over REST and in the log.
 */
import { randomInt } from "node:crypto";
import { plantInJobClock, plantInSink } from "#planted";
import { aborted } from "../aborted.ts";
import type { Clock } from "../clock.ts";
import type { CrashPort, TaskPoint } from "../crash-points.ts";
import type { Loggers } from "../http/loggers.ts";
import type { HttpServer } from "../http/start-http.ts";
import type { Kafka } from "../kafka/port.ts";
import type { Logger } from "../logger.ts";
import type { Sink } from "../sinks/sink.ts";
import type { ConfigContext } from "./config/config.ts";
import { connectorClasses } from "./config/connector-classes.ts";
import { describeConfig, validateConnect } from "./config/describe-config.ts";
import type { JobConfig } from "./config/job-config.ts";
import { createSink } from "./create-sink.ts";
import { startConnectHttp } from "./rest/start-connect-http.ts";
import { checkJob } from "./worker/check-job.ts";
import { readSeeds } from "./worker/seeds.ts";
import { createWorker, type Worker } from "./worker/worker.ts";

export type ConnectJobOptions = {
  /** Paths of the jobs' JSON; at least one. */
  readonly files: readonly string[];
  readonly kafka: Kafka;
  /** The jobs': `now` is the time by which TTLs and retirement are counted. */
  readonly clock: Clock;
  /** The machine's. */
  readonly wallClock: Clock;
  readonly log: Logger;
  readonly slot: number;
  readonly cluster: string;
  /** undefined: the name of the first file's job. */
  readonly group: string | undefined;
  /** `HOST:PORT` and the loggers that can be set there; undefined: no HTTP. */
  readonly http: { readonly listen: string; readonly loggers: Loggers } | undefined;
  readonly signal: AbortSignal;
  /** What `${name}` stands for in the configs. */
  readonly variables: Readonly<Record<string, string>>;
  readonly crashPoint?: CrashPort<TaskPoint>;
  /** Called once: every task of the files' jobs has partitions, or is not to have any. */
  readonly onReady?: (ready: { readonly rest: string | undefined }) => void;
};

/**
 * Until `signal` is aborted: then what was read is stored and committed, and the groups are left.
 * Errors: `JobConfigError` that names every fault of every file, `ListenError`, `KafkaError` when
 * the topics cannot be had.
 */
export async function startConnectJob(options: ConnectJobOptions): Promise<void> {
  const { files, kafka, clock, wallClock, log, slot, cluster, http, signal } = options;
  const context: ConfigContext = { variables: options.variables };
  const openSink = sinkFactory(clock);
  const checks = { kafka, context, createSink: openSink, clock, log };
  const seeds = await readSeeds(
    files,
    (value) => checkJob(value, checks),
    (file, warning) => log.warn({ file }, warning),
  );
  const worker = createWorker({
    kafka,
    clock,
    wallNow: wallClock.now,
    log,
    random,
    cluster,
    group: options.group ?? seeds[0]!.name,
    slot,
    context,
    createSink: openSink,
    crashPoint: options.crashPoint,
  });
  let server: HttpServer | undefined;
  try {
    if (http !== undefined) server = await serve(worker, http, context, options);
    const rest = server?.url;
    const started = worker.start(seeds, rest).then(() => {
      if (!signal.aborted) options.onReady?.({ rest });
    });
    // It fails before the end, or the end comes: then a start that is broken off is nobody's error.
    await Promise.race([started.then(() => aborted(signal)), aborted(signal)]);
    started.catch(() => {});
  } finally {
    await worker.close();
    await server?.close(); // It answers while tasks stop.
  }
}

/** What a job's tasks write to, by the job's clock. */
export function sinkFactory(clock: Clock): (config: JobConfig) => Sink {
  const { now } = plantInJobClock(clock);
  return (config) => plantInSink(createSink(config, now), config.store.store);
}

function serve(
  { herder, isLive }: Worker,
  { listen, loggers }: NonNullable<ConnectJobOptions["http"]>,
  context: ConfigContext,
  { wallClock }: ConnectJobOptions,
): Promise<HttpServer> {
  return startConnectHttp({
    listen,
    herder,
    validate: (config) => validateConnect(config, context),
    plugins: Object.keys(connectorClasses).map((name) => ({
      class: name,
      definitions: () => describeConfig(name),
    })),
    loggers,
    log: loggers.named("fleetproof.http"),
    clock: wallClock, // records carry the machine's time, and lag is counted against it
    isLive,
  });
}

const randomSteps = 2 ** 32;

/** Jitter must differ between processes, so it is the machine's, not a seed's. */
function random(): number {
  return randomInt(randomSteps) / randomSteps;
}
