/**
 * What each device sends and when: reading i of device d is a pure function of (options, d, i). Nothing is stored but
 * a few words a device, so any process can answer for any reading: the worker that sends it, the audit that sees it in
 * the log, the oracle that expects its window. Hot path: `fill` and `encode`.
 */
import type { ReadingFormat } from "../pipeline/contract/reading.ts";
import { emptyRawReading } from "../pipeline/contract/reading.ts";
import { readingWriters } from "../pipeline/contract/reading-codec.ts";
import { createBoots } from "./boots.ts";
import { damage } from "./damage.ts";
import { createFates, fateIndex, fateNames, type Mix, wrongShare } from "./fates.ts";
import { createHomeProfiles } from "./home-profiles.ts";
import { createIdentities, type NamedReading, nameRoom } from "./identities.ts";
import { refuseImpossible } from "./plan-error.ts";
import { createRoom } from "./room.ts";
import { drawFrom, scramble, seedWord } from "./scramble.ts";
import { createWrongClock } from "./wrong-clock.ts";

/** What becomes of a reading; it carries the index. */
export const fates = fateNames;

export type PlanOptions = {
  readonly seed: number;
  readonly devices: number;
  /** Event milliseconds between two readings of a device. */
  readonly everyMs: number;
  /** `time.start`, epoch milliseconds. */
  readonly startAt: number;
  /** Length of the load (warm-up and `for`) in event milliseconds. */
  readonly loadMs: number;
  readonly partitions: number;
  readonly format: ReadingFormat;
  readonly window: {
    readonly sizeMs: number;
    readonly graceMs: number;
    readonly retentionMs: number;
    readonly aheadMs: number;
    readonly quorum: number;
  };
  readonly mix: Mix;
  /** Share of the readings that are the first after a restart of their device. Absent: none. */
  readonly rebooted?: number;
  /** The first `devices` of the fleet send every `everyMs` instead, a divisor of the fleet's. Absent: none. */
  readonly hot?: { readonly devices: number; readonly everyMs: number };
};

export type PlannedReading = NamedReading & {
  device: number;
  /** i of (d, i); also `seq`, while the device has not restarted. */
  index: number;
  /** Index into `fates`. */
  fate: number;
  /** Event ms when it leaves. A reading whose fate is `missing` never does. */
  sendAt: number;
  /** Event ms when a second copy leaves, or -1. */
  duplicateAt: number;
};

export type Plan = {
  readonly options: PlanOptions;
  readonly fleetDevices: number;
  /**
   * The fleet, then the reserved closing devices: number k of a partition's `quorum` is
   * `fleetDevices + partition × quorum + k`.
   */
  readonly allDevices: number;
  /** `t-0000042`; a reserved one `t-closing-<partition>-<k>-<salt>`. */
  readonly deviceId: (device: number) => string;
  /** The device of these id bytes, or -1: none of this plan. */
  readonly deviceOf: (idBytes: Uint8Array, start: number, end: number) => number;
  readonly partitionOf: (device: number) => number;
  /** Devices of the fleet in the partition, by (phase, device). Not to be written to. */
  readonly devicesOf: (partition: number) => Uint32Array;
  /** Event ms between two readings of the device. */
  readonly everyOf: (device: number) => number;
  /** What reading `index` of the device calls itself. */
  readonly readingId: (
    device: number,
    index: number,
  ) => { readonly boot: number; readonly seq: number };
  /** The `index` of (boot, seq), whether or not the load reaches it; -1: the device never sends that. */
  readonly indexOf: (device: number, boot: number, seq: number) => number;
  /** Event ms from `startAt` to the device's first reading. */
  readonly phaseOf: (device: number) => number;
  /** How many i are due within the load; 0 for a reserved device. */
  readonly readingsOf: (device: number) => number;
  /** The i of the load that are due in [fromAt, toAt), by a clock that is right: `[first, end)`. */
  readonly indexesIn: (
    device: number,
    fromAt: number,
    toAt: number,
  ) => { readonly first: number; readonly end: number };
  /** Fills `into` with reading `index` of a device of the fleet. `due`: its event ms, for whoever has it at hand. */
  readonly fill: (device: number, index: number, into: PlannedReading, due?: number) => void;
  /** Fills `into` with what any device, a reserved one too, would measure and send at once at `at`. */
  readonly fillAt: (device: number, index: number, at: number, into: PlannedReading) => void;
  /** Writes the record's value; a malformed reading comes out undecodable. Returns the end. */
  readonly encode: (reading: PlannedReading, target: Uint8Array, offset: number) => number;
  /** Room that `encode` may need behind `offset`. */
  readonly encodedMaxBytes: number;
};

export function emptyPlannedReading(): PlannedReading {
  const names = new Uint8Array(nameRoom);
  return {
    ...emptyRawReading(),
    names,
    device: -1,
    index: -1,
    fate: 0,
    sendAt: -1,
    duplicateAt: -1,
  };
}

/** Errors: `PlanError` for options that no fleet can have. */
export function createPlan(options: PlanOptions): Plan {
  refuseImpossible(options);
  const { devices, everyMs, startAt, loadMs, partitions, window, mix, hot } = options;
  const endAt = startAt + loadMs;
  const root = seedWord(options.seed);
  const wordOf = (device: number): number => scramble(root ^ Math.imul(device + 1, 0x85157af5));
  const identities = createIdentities(
    { devices, partitions, quorum: window.quorum },
    (device) => (drawFrom(wordOf(device), 1) & 3) === 0,
  );
  const hotDevices = hot?.devices ?? 0;
  const everyOf = (device: number): number => (device < hotDevices ? hot!.everyMs : everyMs);
  const phaseOf = (device: number): number => drawFrom(wordOf(device), 3) % everyOf(device);
  const byPartition = sortDevices(devices, partitions, phaseOf, identities.partitionOf);
  const room = createRoom(createHomeProfiles(options.seed), startAt);
  const { share, partitionOf } = { share: wrongShare(mix), partitionOf: identities.partitionOf };
  const clocks = createWrongClock({ share, startAt, window, partitionOf, byPartition });
  const decideFate = createFates(options, clocks);
  const boots = createBoots(options.rebooted ?? 0, wordOf);
  const writer = readingWriters[options.format];

  function fillAt(device: number, index: number, at: number, into: PlannedReading): void {
    measure(device, index, at, into);
    into.fate = fateIndex["on-time"];
    into.sendAt = at;
    into.duplicateAt = -1;
  }

  function fill(
    device: number,
    index: number,
    into: PlannedReading,
    due = dueOf(device, index),
  ): void {
    const word = measure(device, index, due, into);
    boots.identify(device, index, into);
    decideFate(into, word);
  }

  /** Everything but the fate; returns the reading's word. */
  function measure(device: number, index: number, at: number, into: PlannedReading): number {
    const deviceWord = wordOf(device);
    const word = readingWord(deviceWord, index);
    const home = identities.homeOf(device);
    const homeWord = drawFrom(home === device ? deviceWord : wordOf(home), 2);
    identities.describe(device, home, into);
    into.device = device;
    into.index = index;
    into.boot = 0;
    into.seq = index;
    into.at = at;
    into.model = room.modelOf(homeWord);
    room.measure(into, deviceWord, homeWord, word);
    return word;
  }

  function dueOf(device: number, index: number): number {
    return startAt + phaseOf(device) + index * everyOf(device);
  }

  function readingWord(deviceWord: number, index: number): number {
    return scramble(deviceWord ^ Math.imul(index + 1, 0x9e3779b1));
  }

  function indexAt(device: number, at: number): number {
    if (device >= devices) return 0;
    const sinceFirst = Math.min(at, endAt) - startAt - phaseOf(device);
    return Math.max(0, Math.ceil(sinceFirst / everyOf(device)));
  }

  return {
    options,
    fleetDevices: devices,
    allDevices: identities.count,
    deviceId: identities.idOf,
    deviceOf: identities.deviceOf,
    partitionOf: identities.partitionOf,
    devicesOf: (partition) => byPartition[partition]!,
    everyOf,
    phaseOf,
    readingId(device, index) {
      const id = { boot: 0, seq: index };
      if (device < devices) boots.identify(device, index, id);
      return id;
    },
    indexOf(device, boot, seq) {
      if (device < devices) return boots.indexOf(device, boot, seq);
      return boot === 0 ? seq : -1;
    },
    readingsOf: (device) => indexAt(device, endAt),
    indexesIn(device, fromAt, toAt) {
      const first = indexAt(device, fromAt);
      return { first, end: Math.max(first, indexAt(device, toAt)) };
    },
    fill,
    fillAt,
    encode(reading, target, offset) {
      const end = writer.write(target, offset, reading);
      if (reading.fate !== fateIndex.malformed) return end;
      return damage(target, offset, end, readingWord(wordOf(reading.device), reading.index));
    },
    encodedMaxBytes: writer.maxBytes + 1,
  };
}

/** The fleet's devices of each partition, sorted by (phase, device): the order in which they send. */
function sortDevices(
  devices: number,
  partitions: number,
  phaseOf: (device: number) => number,
  partitionOf: (device: number) => number,
): Uint32Array[] {
  const counts = new Uint32Array(partitions);
  for (let device = 0; device < devices; device++) counts[partitionOf(device)]! += 1;
  // One number for (phase, device): below everyMs × devices, which refuseImpossible keeps exact.
  const keys = Array.from(counts, (count) => new Float64Array(count));
  const filled = new Uint32Array(partitions);
  for (let device = 0; device < devices; device++) {
    const partition = partitionOf(device);
    keys[partition]![filled[partition]!++] = phaseOf(device) * devices + device;
  }
  return keys.map((list) => Uint32Array.from(list.sort(), (key) => key % devices));
}
