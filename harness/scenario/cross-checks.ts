/** What several values of a scenario must agree on. Each rule says which of them it concerns. */
import { faultChecks } from "./fault-checks.ts";
import { readingsEach } from "./hot-devices.ts";
import { replayKinds } from "./replay-schema.ts";
import type { ScenarioJob } from "./scenario.ts";
import type { Path } from "./scenario-document.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { printDuration, printShare } from "./units.ts";

export type CrossFault = {
  /** Where it is shown. */
  readonly at: Path;
  /** Further values that it compares: it is silent when one of them is faulty itself. */
  readonly concerns: readonly Path[];
  readonly message: string;
};

/** `jobs`: those of the file's that could be read. */
export function crossChecks(
  file: ScenarioFile,
  jobs: readonly ScenarioJob[],
): readonly CrossFault[] {
  return [
    ...windowFaults(file),
    ...mixFaults(file),
    ...hotFaults(file),
    ...rateFaults(file),
    ...workerFaults(file),
    ...replayFaults(file),
    ...faultChecks(file, jobs),
  ];
}

function windowFaults({ window, fleet, readings }: ScenarioFile): CrossFault[] {
  const faults: CrossFault[] = [];
  if (window.size < fleet.every) {
    faults.push({
      at: ["window", "size"],
      concerns: [["fleet", "every"]],
      message:
        `is smaller than the interval of readings ` +
        `(fleet.every: ${printDuration(fleet.every)})`,
    });
  }
  if (window.retention < window.grace) {
    faults.push({
      at: ["window", "retention"],
      concerns: [["window", "grace"]],
      message: `is shorter than the grace (${printDuration(window.grace)})`,
    });
  }
  const room = window.retention - window.grace;
  for (const kind of ["revising", "late"] as const) {
    if (readings[kind] === 0 || room < 0 || room > 2 * fleet.every) continue;
    faults.push({
      at: ["readings", kind],
      concerns: [
        ["window", "retention"],
        ["window", "grace"],
        ["fleet", "every"],
      ],
      message:
        `needs window.retention − window.grace (${printDuration(room)}) to be more than ` +
        `2 × fleet.every (${printDuration(2 * fleet.every)})`,
    });
  }
  return faults;
}

function mixFaults({ readings }: ScenarioFile): CrossFault[] {
  const { outOfOrder, revising, late, malformed, missing, wrongClock, rebooted } = readings;
  if (rebooted > 0.5) {
    const message = "is more than 50%: a device that restarts sends before it does so again";
    return [{ at: ["readings", "rebooted"], concerns: [], message }];
  }
  const sum = outOfOrder + revising + late + malformed + missing + wrongClock;
  if (sum <= 1) return [];
  const rare = wrongClock > 0 ? ["wrongClock"] : [];
  const shares = ["outOfOrder", "revising", "late", "malformed", "missing", ...rare];
  return [
    {
      at: ["readings"],
      concerns: shares.map((kind) => ["readings", kind]),
      message: `${shares.join(" + ")} is ${printShare(sum)}, more than all readings`,
    },
  ];
}

/** A hot device has whole turns in the round of the others. */
function hotFaults({ fleet }: ScenarioFile): CrossFault[] {
  const { every, hot } = fleet;
  if (hot === undefined || (hot.every < every && every % hot.every === 0)) return [];
  const message = `must be a part of fleet.every (${printDuration(every)}) that divides it`;
  return [{ at: ["fleet", "hot", "every"], concerns: [["fleet", "every"]], message }];
}

/** rate = devices × timeScale ÷ every: two of the three are given, the third follows. */
function rateFaults({ fleet, load }: ScenarioFile): CrossFault[] {
  const given = [
    ["load.rate", load.rate],
    ["fleet.devices", fleet.devices],
    ["fleet.timeScale", fleet.timeScale],
  ].filter(([, value]) => value !== undefined);
  const concerns: Path[] = [
    ["load", "rate"],
    ["fleet", "devices"],
    ["fleet", "timeScale"],
    ["fleet", "every"],
  ];
  if (given.length === 2) {
    const devices =
      fleet.devices ??
      Math.round(((load.rate ?? 0) * fleet.every) / 1_000 / fleet.timeScale! / readingsEach(fleet));
    if (devices >= 1) return [];
    const message = "is so low that less than one device is left at this timeScale";
    return [{ at: ["load", "rate"], concerns, message }];
  }
  const names = given.map(([name]) => name).join(", ");
  const message =
    given.length === 3
      ? `${names} determine one another: leave out one of them`
      : "of load.rate, fleet.devices and fleet.timeScale two are needed; " +
        `there is ${names || "none"}`;
  return [{ at: ["fleet"], concerns, message }];
}

function workerFaults({ simulator, topics }: ScenarioFile): CrossFault[] {
  if (simulator.workers <= topics.partitions) return [];
  const message = `is more than topics.partitions (${topics.partitions}): a worker owns whole partitions`;
  return [{ at: ["simulator", "workers"], concerns: [["topics", "partitions"]], message }];
}

function replayFaults(file: ScenarioFile): CrossFault[] {
  return [...replayTimeFaults(file), ...replayOptionFaults(file), ...rebuildFaults(file)];
}

function replayOptionFaults({ replay, readings, topics }: ScenarioFile): CrossFault[] {
  return replay.flatMap(({ partition = 0, order }, index): CrossFault[] => {
    const faults: CrossFault[] = [];
    if (partition >= topics.partitions) {
      const message = `does not exist: topics.partitions is ${topics.partitions}, the first is 0`;
      const concerns: Path[] = [["topics", "partitions"]];
      faults.push({ at: ["replay", index, "partition"], concerns, message });
    }
    for (const kind of ["late", "revising"] as const) {
      if (order !== "other" || readings[kind] === 0) continue;
      const message = `needs readings.${kind}: 0, not ${printShare(readings[kind])}: in another order others would be late`;
      faults.push({ at: ["replay", index, "order"], concerns: [["readings", kind]], message });
    }
    return faults;
  });
}

/** Elasticsearch counts the writes to an index in the index: what is deleted can prove nothing any more. */
function rebuildFaults({ replay }: ScenarioFile): CrossFault[] {
  const isUnderLoad = (at: unknown): boolean => at !== undefined && at !== "at-rest";
  return replay.flatMap(({ rebuild, store }, index): CrossFault[] => {
    if (store !== "elasticsearch" || !isUnderLoad(rebuild)) return [];
    const other = replay.findIndex(
      (each, at) =>
        at !== index &&
        each.store !== "cassandra" &&
        (isUnderLoad(each.rewind) || isUnderLoad(each.rebuild) || each.into === "aggregated"),
    );
    if (other < 0) return [];
    const message = `takes Elasticsearch's count of writes with its indices, by which the replay ${other + 1} of this list is to be proven: one of them in a run of its own, or at-rest`;
    return [{ at: ["replay", index, "rebuild"], concerns: [["replay"]], message }];
  });
}

function replayTimeFaults({ load, replay }: ScenarioFile): CrossFault[] {
  const length = load.warmUp + load.for;
  return replay.flatMap((entry, index) =>
    replayKinds.flatMap((kind): CrossFault[] => {
      const at = entry[kind];
      if (at === undefined || at === "at-rest" || at < length) return [];
      const message =
        `lies after the end of the load (${printDuration(length)}, warm-up included): ` +
        "after it a replay is at-rest";
      const concerns: Path[] = [["replay"], ["load", "for"], ["load", "warmUp"]];
      return [{ at: ["replay", index, kind], concerns, message }];
    }),
  );
}
