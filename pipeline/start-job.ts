/**
 * The one door: starts a job as a process. Usage:
 *   node start-job.ts aggregator FILE --bootstrap HOST:PORT [--slot N] [--clock JSON]
 *   node start-job.ts connect    FILE --bootstrap HOST:PORT [--slot N] [--clock JSON] [--set NAME=VALUE …]
 * Logs one JSON line an event on stdout. SIGTERM and SIGINT end it cleanly: what was read is finished and
 * committed, the group is left. Exit 0 then, 2 for an unusable config, 1 for anything else.
 * A supervisor that holds an IPC channel gets {type: "ready"}; when that channel breaks, the job stops.
 */
import { parseArgs } from "node:util";
import { pino } from "pino";
import { plantInKafka } from "#planted";
import { startAggregatorJob } from "./aggregator/job.ts";
import { type Clock, scaledClock, systemClock } from "./clock.ts";
import { startConnectJob } from "./connect/job.ts";
import type { Kafka } from "./kafka/port.ts";
import { connectKafka } from "./kafka/real-kafka.ts";

const usage = "usage: start-job aggregator|connect FILE --bootstrap HOST:PORT [--slot N]";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    bootstrap: { type: "string" },
    slot: { type: "string", default: "0" },
    /** `{"origin": wall ms, "start": event ms, "scale": n}`: the clock that a run injects for TTL and retirement. */
    clock: { type: "string" },
    set: { type: "string", multiple: true, default: [] },
  },
});

const log = pino({ level: process.env["FLEETPROOF_LOG_LEVEL"] ?? "info" });
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort(new Error("SIGTERM")));
process.on("SIGINT", () => stop.abort(new Error("SIGINT")));
process.on("disconnect", () => stop.abort(new Error("the supervisor is gone")));

process.exitCode = await main();
if (process.connected) process.disconnect();

async function main(): Promise<number> {
  const [kind, file] = positionals;
  const { bootstrap } = values;
  if ((kind !== "aggregator" && kind !== "connect") || file === undefined || !bootstrap) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const slot = Number(values.slot);
  const clock = jobClock(values.clock);
  const clientId = `${kind}-${slot}`;
  const onReady = (): void => void process.send?.({ type: "ready" });
  let kafka: Kafka | undefined;
  try {
    kafka = plantInKafka(await connectKafka({ bootstrap, clientId, clock: systemClock }));
    const common = { file, kafka, clock, log, slot, signal: stop.signal, onReady };
    if (kind === "aggregator") await startAggregatorJob(common);
    else await startConnectJob({ ...common, variables: variables(values.set) });
    return 0;
  } catch (error) {
    log.fatal({ err: error }, error instanceof Error ? error.message : String(error));
    return isConfigError(error) ? 2 : 1;
  } finally {
    await kafka?.close();
  }
}

function jobClock(text: string | undefined): Clock {
  if (text === undefined) return systemClock;
  return scaledClock(systemClock, JSON.parse(text));
}

function variables(assignments: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    assignments.map((text) => {
      const at = text.indexOf("=");
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function isConfigError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "invalid-config";
}
