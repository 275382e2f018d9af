/**
 * The one door: starts a job as a process. Usage:
 *   start-job.ts aggregator FILE  --bootstrap HOST:PORT [--slot N] [--listen HOST:PORT]
 *                                 [--clock JSON]
 *   start-job.ts connect    FILE… --bootstrap HOST:PORT [--slot N] [--listen HOST:PORT]
 *                                 [--clock JSON] [--cluster NAME] [--group NAME] [--set NAME=VALUE …]
 * What is wrong with the files; which indices retirement would close or delete; nothing is started:
 *   start-job.ts connect    FILE… --check [--bootstrap HOST:PORT] [--set NAME=VALUE …]
 *   start-job.ts connect    FILE… --due [--clock JSON] [--set NAME=VALUE …]
 * Logs one JSON line an event on stdout. SIGTERM and SIGINT end it cleanly: what was read is finished
 * and committed, the group is left; a second one ends it at once. Exit 0 then, 2 for an unusable
 * config or address, 1 for anything else. A supervisor that holds an IPC channel gets
 * {type: "ready", rest}; when that channel breaks, the job stops. Over it the supervisor may also arm a crash point
 * (`crash-points.ts`).
 */
import { writeSync } from "node:fs";
import { pino } from "pino";
import { plantInKafka } from "#planted";
import { startAggregatorJob } from "./aggregator/job.ts";
import { systemClock } from "./clock.ts";
import { sinkFactory, startConnectJob } from "./connect/job.ts";
import { checkFiles, printDue } from "./connect/worker/inspect-files.ts";
import { createArmedCrash } from "./crash-points.ts";
import { createLoggers } from "./http/loggers.ts";
import type { Kafka } from "./kafka/port.ts";
import { connectKafka } from "./kafka/real-kafka.ts";
import { jobClock, parseStart, type StartOptions } from "./start-options.ts";

const usage = "usage: start-job aggregator|connect FILE… --bootstrap HOST:PORT [--slot N] …";
/** Their messages say themselves what to mend. */
const unusable: readonly unknown[] = ["invalid-config", "listen-failed"];

const log = pino({ level: process.env["FLEETPROOF_LOG_LEVEL"] ?? "info" });
const loggers = createLoggers(log, systemClock);
const stop = new AbortController();
process.on("SIGTERM", onSignal);
process.on("SIGINT", onSignal);
const crash = createArmedCrash(endAt, (answer) => process.send?.(answer));
if (process.connected) process.on("message", crash.hear);
process.on("disconnect", () => stop.abort(new Error("the supervisor is gone")));

process.exitCode = await main();
if (process.connected) process.disconnect();

async function main(): Promise<number> {
  const parsed = parseStart(process.argv.slice(2));
  if (!parsed.ok) {
    process.stderr.write(`${parsed.message}\n${usage}\n`);
    return 2;
  }
  const { options } = parsed;
  try {
    if (options.action === "run") await run(options);
    else await inspect(options);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const isUnusable = unusable.includes(code);
    if (options.action !== "run") process.stderr.write(`${message}\n`);
    else log.fatal(isUnusable ? { code } : { err: error }, message);
    return isUnusable ? 2 : 1;
  }
}

async function run(options: StartOptions): Promise<void> {
  const { kind, files, slot, cluster, group, listen, variables } = options;
  const kafka = await connect(options);
  const onReady = ({ rest }: { readonly rest: string | undefined }): void => {
    process.send?.({ type: "ready", rest });
  };
  const clock = jobClock(systemClock, options.clock);
  const named = loggers.named(`fleetproof.${kind}`);
  const { signal } = stop;
  const common = {
    kafka,
    clock,
    wallClock: systemClock,
    log: named,
    slot,
    signal,
    onReady,
    crashPoint: crash.reach,
  };
  try {
    if (kind === "aggregator") {
      await startAggregatorJob({ ...common, listen, file: files[0]! });
      return;
    }
    const http = listen === undefined ? undefined : { listen, loggers };
    await startConnectJob({ ...common, files, cluster, group, http, variables });
  } finally {
    await kafka.close();
  }
}

/** For people: lines on stdout. */
async function inspect(options: StartOptions): Promise<void> {
  const clock = jobClock(systemClock, options.clock);
  const inspection = {
    files: options.files,
    context: { variables: options.variables },
    createSink: sinkFactory(clock),
    clock,
    log,
    print: (line: string) => void process.stdout.write(`${line}\n`),
  };
  if (options.action === "due") return printDue(inspection);
  if (options.bootstrap === "") return checkFiles(inspection, undefined);
  const kafka = await connect(options);
  try {
    await checkFiles(inspection, kafka);
  } finally {
    await kafka.close();
  }
}

async function connect({ bootstrap, kind, slot }: StartOptions): Promise<Kafka> {
  const clientId = `${kind}-${slot}`;
  return plantInKafka(await connectKafka({ bootstrap, clientId, clock: systemClock }));
}

/** Its last words reach the log before it is gone: the logger might still hold them. */
function endAt(point: string): void {
  writeSync(1, `{"level":60,"msg":"ended at the crash point ${point}"}\n`);
  process.kill(process.pid, "SIGKILL");
}

function onSignal(signal: NodeJS.Signals): void {
  if (stop.signal.aborted) {
    log.warn({ signal }, "ended at once: what is under way is written again by the next one");
    process.exit(1);
  }
  stop.abort(new Error(signal));
}
