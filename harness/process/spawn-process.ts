/**
 * Starts a child process in a group of its own, so that Ctrl-C in a terminal reaches only the harness,
 * with its output in a file and a record in the registry: one way for servers, jobs and simulator workers.
 *
 * The record is written before the process exists (naming a mark in its environment) and completed
 * with its pid in the same turn of the event loop: a harness killed in between leaves a trace.
 */
import { type ChildProcess, type Serializable, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { type Clock, systemClock } from "../../simulator/clock.ts";
import { niceAutogroup } from "./autogroup.ts";
import type { Exit, OwnedProcess, SpawnCommand } from "./owned-process.ts";
import { ProcessError } from "./process-error.ts";
import { endGroup, signalGroup } from "./process-group.ts";
import { identityOf, ownIdentity, processTable } from "./process-table.ts";
import { markOf, type ProcessRecord, type Registry } from "./registry.ts";
import { meterUsage } from "./usage-meter.ts";

export type SpawnOptions = SpawnCommand & {
  /** Opens a channel for `send` and `onMessage`; the child sees `disconnect` when the harness dies. */
  readonly ipc?: boolean;
  readonly registry: Registry;
  readonly clock?: Clock;
};

const sampleEveryMs = 5_000;

/** @throws ProcessError `spawn-failed`: the command, the folder or the log file cannot be used. */
export async function spawnProcess(options: SpawnOptions): Promise<OwnedProcess> {
  const { name, registry, clock = systemClock, purpose = name } = options;
  const id = randomUUID();
  const record: ProcessRecord = { kind: "process", id, purpose, owner: ownIdentity() };
  registry.put(record);
  let child: ChildProcess;
  try {
    child = launch(options, id);
    const leader = child.pid === undefined ? undefined : identityOf(child.pid);
    if (leader !== undefined) registry.put({ ...record, process: leader });
    const exited = watchExit(child, registry, id);
    await once(child, "spawn");
    // Not awaited: whoever called may miss no message of the child.
    if (leader !== undefined && options.nice) void niceAutogroup(leader.pid, options.nice, clock);
    const { ipc: _ipc, registry: _registry, clock: _clock, ...command } = options;
    return own(child, exited, {
      command,
      registry,
      clock,
      record: currentRecord(record, leader),
    });
  } catch (cause) {
    registry.remove(id);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProcessError("spawn-failed", `${name} could not be started: ${reason}.`, cause);
  }
}

function currentRecord(record: ProcessRecord, leader: ProcessRecord["process"]): ProcessRecord {
  return leader === undefined ? record : { ...record, process: leader };
}

function launch(options: SpawnOptions, recordId: string): ChildProcess {
  const { command, args, env, cwd, logFile, nice = 0, uid, gid, ipc = false } = options;
  const [variable = "", value] = markOf(recordId).split("=");
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "a");
  // `nice` replaces itself by the command, so that every thread of it starts at the lower priority.
  const [file, ...argv] =
    nice === 0 ? [command, ...args] : ["nice", "-n", `${nice}`, command, ...args];
  try {
    return spawn(file ?? command, argv, {
      detached: true,
      env: { ...process.env, ...env, [variable]: value },
      stdio: ["ignore", log, log, ...(ipc ? (["ipc"] as const) : [])],
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
  } finally {
    closeSync(log);
  }
}

/** The record goes with the last member, not with the leader. */
function watchExit(child: ChildProcess, registry: Registry, recordId: string): Promise<Exit> {
  const { promise, resolve } = Promise.withResolvers<Exit>();
  child.once("exit", (code, signal) => {
    if (child.pid !== undefined && processTable.group(child.pid).length === 0) {
      registry.remove(recordId);
    }
    resolve({ code, signal });
  });
  return promise;
}

type Ownership = { command: SpawnCommand; registry: Registry; clock: Clock; record: ProcessRecord };

function own(child: ChildProcess, exited: Promise<Exit>, ownership: Ownership): OwnedProcess {
  const { command, registry, clock, record } = ownership;
  const pid = child.pid as number; // It has one once `spawn` was emitted.
  const meter = meterUsage(pid);
  const sampling = new AbortController();
  void exited.then(() => sampling.abort());
  void sampleUntil(sampling.signal, meter.glance, clock);
  child.on("error", () => undefined); // A message that could not be sent; `send` has said so.
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    name: command.name,
    pid,
    recordId: record.id,
    command,
    exited,
    get running() {
      return running();
    },
    kill(signal) {
      meter.sample();
      if (running()) signalGroup(pid, signal);
    },
    usage: meter.sample,
    async stop({ graceMs }) {
      meter.sample();
      // An ended leader's pid is not used again while its group has members.
      if (processTable.group(pid).length > 0) await endGroup(pid, graceMs, clock);
      const exit = await exited;
      registry.remove(record.id);
      return exit;
    },
    send: (message: Serializable) => child.connected && child.send(message),
    onMessage(listener) {
      child.on("message", listener);
      return () => child.off("message", listener);
    },
    keep(stack) {
      const kept = { ...record, stack };
      registry.put(kept);
      sampling.abort();
      child.unref();
      return kept;
    },
  };
}

/** Ends, without a word, when the signal is aborted. */
async function sampleUntil(
  signal: AbortSignal,
  sample: () => unknown,
  clock: Clock,
): Promise<void> {
  while (!signal.aborted) {
    sample();
    await clock.sleep(sampleEveryMs, signal).catch(() => undefined);
  }
}
