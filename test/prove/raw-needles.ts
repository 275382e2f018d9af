/**
 * The bad records of the raw log, one of each kind, at seeded places: each takes the place of a
 * plain send (on time, sent once) or stands beside it. Plants while the log is written.
 */
import type { Outcome } from "../../harness/facts/ack-ranges.ts";
import { emptyRawReading } from "../../pipeline/contract/reading.ts";
import { writeReadingAvro } from "../../pipeline/contract/reading-avro.ts";
import { fateIndex } from "../../simulator/fates.ts";
import type { Plan, PlannedReading } from "../../simulator/plan.ts";
import { drawFrom } from "../../simulator/scramble.ts";
import { rawTopic } from "./audit-pass.ts";
import type { Expected, Needle, Tampering } from "./needle.ts";
import type { Bends, PartitionLog, PlannedSend } from "./raw-log.ts";

type Target = {
  readonly plan: Plan;
  readonly partition: number;
  readonly reading: PlannedReading;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Device, boot and seq of the send, its topic and partition. */
  readonly id: Omit<Expected, "class">;
};

type Planting = {
  readonly expected?: Expected;
  /** What the producer was told of the send; else that it was acknowledged. */
  readonly outcome?: Outcome;
  /** What follows so many sends later. */
  readonly later?: { readonly sends: number; readonly plant: (log: PartitionLog) => Expected };
};

type Plant = (target: Target, log: PartitionLog) => Planting;

const plants: Readonly<Record<string, Plant>> = {
  lost: ({ id }) => ({ expected: { class: "lost-write", ...id } }),
  "duplicated at once": ({ id, key, value }, log) => {
    log.append(key, value);
    return { expected: { class: "duplicate", ...id, offset: log.append(key, value) } };
  },
  "duplicated later": ({ id, key, value }, log) => {
    log.append(key, value);
    const plant = (then: PartitionLog): Expected => ({
      class: "duplicate",
      ...id,
      offset: then.append(key, value),
    });
    return { later: { sends: 300, plant } };
  },
  reordered: ({ id, key, value }) => {
    const plant = (then: PartitionLog): Expected => ({
      class: "reorder",
      ...id,
      offset: then.append(key, value),
    });
    return { later: { sends: 50, plant } };
  },
  "corrupt value": ({ plan, id, key, reading }, log) => {
    const value = encoded(plan, { ...reading, temperature: reading.temperature + 1 });
    return { expected: { class: "corrupt", ...id, offset: log.append(key, value) } };
  },
  "corrupt bytes": ({ id, key, value }, log) => {
    const { boot: _boot, seq: _seq, ...place } = id;
    const offset = log.append(key, value.subarray(0, 12));
    return { expected: { class: "corrupt", ...place, offset } };
  },
  "phantom device": intruder((reading) => named("nobody", reading)),
  "phantom seq": intruder((reading, plan) => ({
    ...reading,
    seq: plan.readingsOf(reading.device),
  })),
  "phantom boot": intruder((reading) => ({ ...reading, boot: 1 })),
  "phantom partition": intruder(elsewhere),
  "aborted read": ({ id, key, value }, log) => {
    log.append(key, value);
    return { expected: { class: "aborted-read", ...id }, outcome: "failed" };
  },
  "near miss: unknown, absent": () => ({ outcome: "unknown" }),
  "near miss: unknown, there": ({ key, value }, log) => {
    log.append(key, value);
    return { outcome: "unknown" };
  },
  "near miss: failed, absent": () => ({ outcome: "failed" }),
  "near miss: aborted, not read": ({ key, value }, log) => {
    log.append(key, value);
    log.transact(key, value, "abort");
    return {};
  },
  "duplicated, committed": ({ id, key, value }, log) => {
    const first = log.append(key, value);
    log.transact(key, value, "commit");
    return { expected: { class: "duplicate", ...id, offset: first + 1 } };
  },
};

export type RawNeedles = {
  readonly bends: Bends;
  /** As far as the log is written. */
  readonly needles: readonly Needle[];
  readonly outcomes: readonly {
    readonly partition: number;
    readonly position: number;
    readonly outcome: Outcome;
  }[];
  /** Devices whose windows the needles change. */
  readonly devices: ReadonlySet<number>;
};

/** Names of all that are planted, whether or not the log comes to their places. */
export const rawNeedleNames: readonly string[] = Object.keys(plants);

export function createRawNeedles(plan: Plan, seed: number, tampering: Tampering): RawNeedles {
  const needles: Needle[] = [];
  const outcomes: { partition: number; position: number; outcome: Outcome }[] = [];
  const devices = new Set<number>();
  /** By partition, in order: what is planted, and from which position on. */
  const queues = placesOf(plan, seed);
  const followUps = new Map<number, (log: PartitionLog) => void>();

  function bend(partition: number, send: PlannedSend, log: PartitionLog): number {
    const queue = queues[partition]!;
    const followUp = followUps.get(partition);
    followUps.delete(partition);
    followUp?.(log);
    const next = queue[0];
    if (next === undefined || next.from > send.position || !isPlain(send)) {
      log.append(...recordOf(plan, send.reading));
      return next === undefined ? Number.POSITIVE_INFINITY : Math.max(next.from, send.position + 1);
    }
    queue.shift();
    const waits = plantOne(next.name, partition, send, log);
    const after = queue[0]?.from ?? Number.POSITIVE_INFINITY;
    return Math.max(send.position + 1, waits === 0 ? after : send.position + waits);
  }

  /** Returns how many sends later it goes on; 0: it does not. */
  function plantOne(name: string, partition: number, send: PlannedSend, log: PartitionLog): number {
    const withheld = tampering.withheld.includes(name);
    const [key, value] = recordOf(plan, send.reading);
    const { device, seq } = send.reading;
    const id = { device: plan.deviceId(device), boot: 0, seq, topic: rawTopic, partition };
    const target = { plan, partition, reading: send.reading, key, value, id };
    if (withheld) log.append(key, value);
    const made = plants[name]!(target, withheld ? nowhere : log);
    devices.add(device);
    if (made.outcome !== undefined && !withheld) {
      outcomes.push({ partition, position: send.position, outcome: made.outcome });
    }
    if (made.later === undefined) {
      note(name, made.expected);
      return 0;
    }
    const { sends, plant } = made.later;
    followUps.set(partition, (then) => note(name, plant(withheld ? nowhere : then)));
    return sends;
  }

  function note(name: string, expected: Expected | undefined): void {
    if (!tampering.unlisted.includes(name)) needles.push({ name, expected });
  }

  const from = queues.map((queue) => queue[0]?.from ?? Number.POSITIVE_INFINITY);
  return { bends: { from, bend }, needles, outcomes, devices };
}

/** Of a needle that is withheld: nothing is appended. */
const nowhere: PartitionLog = { append: () => -1, transact: () => {} };

/** Partition by turns, and within one far from each other and from both ends of the log. */
function placesOf(plan: Plan, seed: number) {
  const { partitions, loadMs, everyMs } = plan.options;
  const queues = Array.from({ length: partitions }, () => [] as { name: string; from: number }[]);
  const rounds = Math.ceil(rawNeedleNames.length / partitions);
  for (const [nth, name] of rawNeedleNames.entries()) {
    const partition = nth % partitions;
    const sends = plan.devicesOf(partition).length * (loadMs / everyMs);
    const stretch = (0.8 * sends) / rounds;
    // Half a stretch lies between two needles.
    const within = (drawFrom(seed, nth + 1) / 2 ** 32) * 0.5;
    const from = Math.floor(0.1 * sends + (Math.floor(nth / partitions) + within) * stretch);
    queues[partition]!.push({ name, from });
  }
  return queues;
}

function isPlain({ reading, copy }: PlannedSend): boolean {
  return reading.fate === fateIndex["on-time"] && copy === 0 && reading.duplicateAt < 0;
}

/** Copies: the reading and its bytes are the walk's. */
function recordOf(plan: Plan, reading: PlannedReading): [key: Uint8Array, value: Uint8Array] {
  return [reading.idBytes.slice(reading.idStart, reading.idEnd), encoded(plan, reading)];
}

function encoded(plan: Plan, reading: PlannedReading): Uint8Array {
  const bytes = new Uint8Array(plan.encodedMaxBytes);
  return bytes.subarray(0, plan.encode(reading, bytes, 0));
}

/** A record more, behind a send that is as it should be. */
function intruder(make: (reading: PlannedReading, plan: Plan) => PlannedReading): Plant {
  return ({ plan, partition, key, value, reading }, log) => {
    log.append(key, value);
    const stranger = make(reading, plan);
    const bytes = new Uint8Array(plan.encodedMaxBytes + 16);
    const end = writeReadingAvro(bytes, 0, { ...emptyRawReading(), ...stranger });
    const id = stranger.idBytes.slice(stranger.idStart, stranger.idEnd);
    const offset = log.append(id, bytes.subarray(0, end));
    const { boot, seq } = stranger;
    const device = Buffer.from(id).toString("utf8");
    return {
      expected: { class: "phantom", device, boot, seq, topic: rawTopic, partition, offset },
    };
  };
}

function named(name: string, reading: PlannedReading): PlannedReading {
  const idBytes = Buffer.from(name);
  return { ...reading, idBytes, idStart: 0, idEnd: idBytes.length };
}

/** What a device of another partition sends at the same time. */
function elsewhere(reading: PlannedReading, plan: Plan): PlannedReading {
  const other = (plan.partitionOf(reading.device) + 1) % plan.options.partitions;
  const stranger = { ...reading };
  plan.fill(plan.devicesOf(other)[0]!, reading.index, stranger);
  return stranger;
}
