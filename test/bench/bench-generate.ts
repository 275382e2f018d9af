/**
 * What it costs to make readings, with no I/O: walked by schedule, encoded, appended to record batches, stamped with
 * their checksum, as the simulator's worker does before it sends; on one core. And what ten million devices take.
 *   npm run bench:generate [-- [--rounds N] [--json] [--compare OLD.json]]
 */
import "../../simulator/inline-more.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import { stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import { createPlan, type Plan, type PlanOptions } from "../../simulator/plan.ts";
import { plainStamp } from "../pipeline/kafka/wire/plain-stamp.ts";
import { fleetOf } from "../prove/fleet-of.ts";
import { aliveIn, memoryNow } from "../prove/memory-now.ts";
import { type BenchRow, rowOf } from "./bench-result.ts";
import { commandLine } from "./command-line.ts";
import { benchOptions, reportBench, reportingOf } from "./report-bench.ts";
import { runAlone } from "./run-alone.ts";
import { say } from "./say.ts";

/** As `ten-billion-a-day` has it. */
const everyMs = 10_000;
const seed = 20_180_301;
const readings = 5_000_000;
/** Readings of a turn of all partitions: as many as the load appends between two flushes. */
const turn = 20_000;
const batchBytes = 512 * 1024;
const manyDevices = 10_000_000;
const mebibyte = 2 ** 20;

/** `small`: its words fit into a processor's cache; `life-size`: that of `ten-billion-a-day`, whose do not. */
const fleets = { small: 30_000, "life-size": 1_157_408 };

type Format = PlanOptions["format"];
type Fleet = keyof typeof fleets;
type Round = {
  readonly perSecond: number;
  readonly cpu: number;
  readonly bytesPerReading: number;
};

const values = commandLine(import.meta.filename, { ...benchOptions, round: { type: "string" } });
if (values.round === undefined) measureAll();
else if (values.round === "memory") console.log(JSON.stringify(memoryOfMany()));
else console.log(JSON.stringify(generate(...(values.round.split(" ") as [Format, Fleet]))));

/** Each round is a process of its own: the compilers of one format know nothing of the other. */
function measureAll(): void {
  const reporting = reportingOf(values);
  const kinds = ["avro small", "avro life-size", "json small", "json life-size"];
  const measured = new Map<string, Round[]>(kinds.map((kind) => [kind, []]));
  for (let round = 1; round <= reporting.rounds; round++) {
    for (const kind of kinds) {
      say(`round ${round} of ${reporting.rounds}: ${kind} fleet`);
      measured.get(kind)!.push(runAlone<Round>(import.meta.filename, kind));
    }
  }
  say(`${manyDevices.toLocaleString("en")} devices, for their memory`);
  const bytes = runAlone<number>(import.meta.filename, "memory");
  const memory = rowOf({
    name: `${manyDevices.toLocaleString("en")} devices`,
    unit: "MiB of plan and schedule",
    better: "less",
    values: [bytes / mebibyte],
  });
  const rows = [...[...measured].flatMap(([kind, rounds]) => rowsOf(kind, rounds)), memory];
  const notes = [
    `${readings.toLocaleString("en")} readings a round, after a tenth of them that is not counted`,
    `a small fleet: ${fleets.small} devices; a life-size one: ${fleets["life-size"]}`,
    "goals: Avro 5,000,000/s, JSON 1,500,000/s on one core; ten million devices in 1 GB",
  ];
  reportBench({ bench: "generate", versions: {}, rows, notes }, reporting, clock.now());
}

function rowsOf(kind: string, rounds: readonly Round[]): readonly BenchRow[] {
  const row = (unit: string, better: BenchRow["better"], of: (round: Round) => number): BenchRow =>
    rowOf({ name: `${kind} fleet`, unit, better, values: rounds.map(of) });
  return [
    row("readings/s", "more", ({ perSecond }) => perSecond),
    row("µs of CPU a reading", "less", ({ cpu }) => cpu),
    row("bytes a reading, in its batch", "less", ({ bytesPerReading }) => bytesPerReading),
  ];
}

function generate(format: Format, fleet: Fleet): Round {
  const { plan: options } = fleetOf(1.2 * readings, everyMs, seed);
  const devices = fleets[fleet];
  const loadMs = Math.ceil((1.2 * readings) / devices) * everyMs;
  const source = createSource(createPlan({ ...options, devices, loadMs, format }));
  source.make(readings / 10);
  const before = source.bytes();
  const cpu = process.cpuUsage();
  const from = clock.monotonicMs();
  const made = source.make(readings);
  const seconds = (clock.monotonicMs() - from) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  if (made < readings) throw new Error(`the plan ended after ${made} of ${readings} readings`);
  return {
    perSecond: made / seconds,
    cpu: (user + system) / made,
    bytesPerReading: (source.bytes() - before) / made,
  };
}

/** All partitions in turn, as the load does; batches are stamped and forgotten. */
function createSource(plan: Plan) {
  const value = new Uint8Array(plan.encodedMaxBytes);
  const lanes = Array.from({ length: plan.options.partitions }, (_, partition) => ({
    walk: createPartitionWalk(plan, partition),
    writer: createBatchWriter(batchBytes),
  }));
  let bytes = 0;
  return {
    bytes: () => bytes,
    /** Returns how many it made: fewer than asked for where the plan ends. */
    make(most: number): number {
      let made = 0;
      for (let last = -1; made < most && made !== last; ) {
        last = made;
        for (const { walk, writer } of lanes) {
          made += walk.advance(
            Number.POSITIVE_INFINITY,
            (reading) => {
              const end = plan.encode(reading, value, 0);
              const { idBytes, idStart, idEnd } = reading;
              writer.append(idBytes, idStart, idEnd, value, 0, end);
            },
            turn / lanes.length,
          );
          bytes += stampBatch(writer.draft(), plainStamp).length;
          writer.reset();
        }
      }
      return made;
    },
  };
}

/** What plan and schedule of ten million devices take, once each has sent. */
function memoryOfMany(): number {
  const { plan: options } = fleetOf(1e8, everyMs, seed);
  const before = aliveIn(memoryNow());
  const plan = createPlan({ ...options, devices: manyDevices, loadMs: 2 * everyMs });
  const source = createSource(plan);
  source.make(manyDevices);
  const bytes = aliveIn(memoryNow()) - before;
  if (source.bytes() === 0) throw new Error("nothing was made");
  return bytes;
}
