/**
 * The processes of a run by slot name (`simulator-0`, `aggregator-0`, `job-elasticsearch-0`, …): started, killed or
 * suspended by a fault, started again. What they used, and their pauses, are added up over all lives of a slot, and an
 * end that nobody asked for is remembered: it makes the run UNKNOWN.
 */
import type { Serializable } from "node:child_process";
import type { Clock } from "../../simulator/clock.ts";
import {
  describeExit,
  type Exit,
  type OwnedProcess,
  type Usage,
} from "../process/owned-process.ts";
import { createPauseRecord, type PauseRecord } from "../process/pauses/pause-record.ts";
import type { PauseSummary } from "../process/pauses/pause-summary.ts";
import type { Registry } from "../process/registry.ts";
import { isGroupStopped } from "../process/stopped.ts";
import { logTail } from "../stack/log-tail.ts";
import { startChild } from "./child.ts";

export type SlotSpec = {
  readonly name: string;
  readonly entry: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly nice: number;
  /** How long it may take until it is ready; 60 s unless said. */
  readonly readyWithinMs?: number;
};

type Death = { readonly name: string; readonly exit: Exit; readonly logTail: string };

export type SlotUsage = Usage & { readonly exits: readonly string[] };

export type ProcessSlots = {
  /** Starts a slot for the first time or again; resolves when it is ready. */
  readonly start: (spec: SlotSpec) => Promise<OwnedProcess>;
  /** `greeting`: what this life alone hears before it is ready. */
  readonly restart: (name: string, greeting?: Serializable) => Promise<OwnedProcess>;
  readonly get: (name: string) => OwnedProcess;
  /** False also while it is being started, and for a name that there is not. */
  readonly isRunning: (name: string) => boolean;
  /** Where it offers REST, as it said when it became ready; undefined: nowhere, or it does not run. */
  readonly restOf: (name: string) => string | undefined;
  /** Of all that were ever started. */
  readonly names: () => readonly string[];
  /** SIGKILL, awaited: resolves when the process is gone. Its end is not a death. */
  readonly kill: (name: string) => Promise<void>;
  /** SIGTERM, then SIGKILL after the grace time. */
  readonly stop: (name: string) => Promise<void>;
  /** SIGSTOP to its group; whether all of it was then seen standing still. */
  readonly suspend: (name: string) => Promise<boolean>;
  /** SIGCONT. */
  readonly resume: (name: string) => void;
  /** What is still being started is broken off; nothing can be started any more. */
  readonly stopAll: () => Promise<void>;
  /** Says that this life of the slot may end by itself from now on; the answer takes it back. */
  readonly expectEnd: (name: string) => () => void;
  /** The file of its log, over all lives. */
  readonly logOf: (name: string) => string;
  /** Ends that nobody asked for, in their order. */
  readonly deaths: readonly Death[];
  readonly onDeath: (listener: (death: Death) => void) => void;
  readonly usage: () => Readonly<Record<string, SlotUsage>>;
  /** Of all lives of each, as far as they have told. */
  readonly pauses: () => Readonly<Record<string, PauseSummary>>;
};

type Slot = {
  spec: SlotSpec;
  process: OwnedProcess;
  endExpected: boolean;
  suspended: boolean;
  rest: string | undefined;
  past: Usage;
  pauses: PauseRecord;
  exits: string[];
};

/** A start takes a second; on a machine that others fill as well, at the lowest priority, much longer. */
const readyWithinMs = 60_000;
const stopGraceMs = 15_000;
/** A signal is delivered within microseconds; a process in the kernel's hands (disk) takes its time. */
const standsStillWithinMs = 2_000;
const standsStillPollMs = 10;

export function createProcessSlots(options: {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): ProcessSlots {
  const slots = new Map<string, Slot>();
  const deaths: Death[] = [];
  const listeners: ((death: Death) => void)[] = [];
  const starting = new Set<Promise<OwnedProcess>>();
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);

  const slotOf = (name: string): Slot => {
    const slot = slots.get(name);
    if (slot === undefined) throw new Error(`There is no process ${name} in this run.`);
    return slot;
  };

  async function start(spec: SlotSpec, greeting?: Serializable): Promise<OwnedProcess> {
    let rest: string | undefined;
    const onReady = (message: unknown): void => {
      rest = restIn(message);
    };
    const child = startChild({ readyWithinMs, ...spec, ...options, signal, onReady, greeting });
    starting.add(child);
    const process = await child.finally(() => starting.delete(child));
    const before = slots.get(spec.name);
    const past = before === undefined ? { cpuSeconds: 0, maxRssBytes: 0 } : total(before);
    const exits = before?.exits ?? [];
    const pauses = before?.pauses ?? createPauseRecord();
    const state = { endExpected: false, suspended: false };
    const slot: Slot = { spec, process, ...state, rest, past, pauses, exits };
    slots.set(spec.name, slot);
    process.onMessage(pauses.nextLife());
    void process.exited.then((exit) => {
      slot.exits.push(describeExit(exit));
      if (slot.endExpected) return;
      const death = { name: spec.name, exit, logTail: logTail(spec.logFile) };
      deaths.push(death);
      for (const listener of listeners) listener(death);
    });
    return process;
  }

  async function end(
    name: string,
    how: (process: OwnedProcess) => Promise<unknown>,
  ): Promise<void> {
    const slot = slotOf(name);
    slot.endExpected = true;
    resume(slot); // A process that stands still hears no SIGTERM.
    await how(slot.process);
  }

  function resume(slot: Slot): void {
    if (!slot.suspended) return;
    slot.suspended = false;
    slot.process.kill("SIGCONT");
  }

  async function suspend(name: string): Promise<boolean> {
    const slot = slotOf(name);
    slot.suspended = true;
    slot.process.kill("SIGSTOP");
    const deadlineMs = options.clock.monotonicMs() + standsStillWithinMs;
    while (!isGroupStopped(slot.process.pid)) {
      if (options.clock.monotonicMs() > deadlineMs) return false;
      await options.clock.sleep(standsStillPollMs, signal);
    }
    return true;
  }

  return {
    start: (spec) => start(spec),
    restart: (name, greeting) => start(slotOf(name).spec, greeting),
    get: (name) => slotOf(name).process,
    isRunning: (name) => slots.get(name)?.process.running ?? false,
    restOf: (name) => {
      const slot = slots.get(name);
      return slot?.process.running && !slot.suspended ? slot.rest : undefined;
    },
    names: () => [...slots.keys()],
    kill: (name) =>
      end(name, async (process) => {
        process.kill("SIGKILL");
        await process.exited;
      }),
    stop: (name) => end(name, (process) => process.stop({ graceMs: stopGraceMs })),
    suspend,
    resume: (name) => resume(slotOf(name)),
    async stopAll() {
      over.abort(new Error("the run is over"));
      await Promise.allSettled(starting);
      const ends = [...slots.keys()].map((name) =>
        end(name, (process) => process.stop({ graceMs: stopGraceMs })),
      );
      await Promise.all(ends);
    },
    expectEnd(name) {
      const slot = slotOf(name);
      slot.endExpected = true;
      return () => {
        slot.endExpected = false;
      };
    },
    logOf: (name) => slotOf(name).spec.logFile,
    deaths,
    onDeath: (listener) => void listeners.push(listener),
    usage: () =>
      Object.fromEntries(
        [...slots].map(([name, slot]) => [name, { ...total(slot), exits: slot.exits }]),
      ),
    pauses: () =>
      Object.fromEntries([...slots].map(([name, { pauses }]) => [name, pauses.summary()])),
  };
}

function restIn(message: unknown): string | undefined {
  const { rest } = message as { readonly rest?: unknown };
  return typeof rest === "string" ? rest : undefined;
}

function total({ past, process }: Slot): Usage {
  const now = process.usage();
  return {
    cpuSeconds: past.cpuSeconds + now.cpuSeconds,
    maxRssBytes: Math.max(past.maxRssBytes, now.maxRssBytes),
  };
}
