/**
 * The files of a worker while it sends: acks, intents, what it has measured. New ones at the plan's first send, or those
 * of a killed worker, which then say where the load begins.
 */
import { type AckLog, openAckLog } from "./ack-log.ts";
import { type AppendFile, openAppendFile } from "./append-file.ts";
import type { Clock } from "./clock.ts";
import { type IntentLog, openIntentLog } from "./intent-log.ts";
import { beginAfter, beginAtTheStart, type LoadBeginning } from "./load-beginning.ts";
import { readMeterState } from "./meter-file.ts";
import { readPastLife, refusePastLife } from "./past-life.ts";
import type { Plan } from "./plan.ts";
import type { Schedule } from "./schedule.ts";
import { createSendMeter, type SendMeter } from "./send-meter.ts";
import type { WorkerConfig } from "./worker-config.ts";

export type WorkerFiles = {
  readonly acks: AckLog;
  readonly intents: IntentLog;
  readonly beginning: LoadBeginning;
  readonly meter: SendMeter;
};

export type WorkerFilesOptions = {
  readonly config: Pick<WorkerConfig, "ackFile" | "intentFile" | "partialFile" | "warmUpMs">;
  readonly plan: Plan;
  readonly partitions: readonly number[];
  readonly schedule: Schedule;
  readonly clock: Clock;
  /** Tests break off in mid-write with their own. */
  readonly open?: (file: string) => AppendFile;
};

/** Errors: `ResumeError` when the files do not fit `resume`; the file system's. */
export function openWorkerFiles(options: WorkerFilesOptions, resume = false): WorkerFiles {
  const { config, plan, partitions, schedule, open = openAppendFile } = options;
  const { ackFile, intentFile, partialFile, warmUpMs } = config;
  const measureFromMs = schedule.originMs + warmUpMs;
  if (!resume) refusePastLife({ ackFile, intentFile });
  const past = resume ? readPastLife({ ackFile, intentFile }) : undefined;
  const [acks, intents] = [openAckLog(ackFile, open), openIntentLog(intentFile, open)];
  if (past === undefined) {
    const beginning = beginAtTheStart(plan, partitions);
    return { acks, intents, beginning, meter: createSendMeter(measureFromMs) };
  }
  const { beginning, sends } = beginAfter(past, { ...options, measureFromMs, acks });
  const state = readMeterState(partialFile);
  const meter = createSendMeter(measureFromMs, { sends, ...(state && { state }) });
  return { acks, intents, beginning, meter };
}
